DELIMITER $$

CREATE OR REPLACE PROCEDURE accept_for_settlement(
    IN in_transaction_id BIGINT,
    IN in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_amount DECIMAL(19,4),
    IN in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the settlement of a payment that goes over a rail; its due time follows from the
rail. Does nothing when in_rail is NULL: what stays in the bank needs no settlement.
Transaction: joins'
BEGIN
    -- with payment = in_transaction_id
    -- with rail = in_rail
    -- with amount = in_amount
    -- with currency = in_currency
    -- with base = NULL
    -- text settlement
    -- What stays in the bank needs no settlement.
    IF in_rail IS NOT NULL THEN
        INSERT INTO settlements (
            transaction_id,
            rail,
            settlement_amount,
            currency,
            base_amount,
            accepted_at
        ) VALUES (
            in_transaction_id,
            in_rail,
            in_amount,
            in_currency,
            NULL,
            UTC_TIMESTAMP()
        );
    END IF;
    -- end
END$$

DELIMITER ;
