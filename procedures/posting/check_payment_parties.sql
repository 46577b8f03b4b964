DELIMITER $$

CREATE OR REPLACE PROCEDURE check_payment_parties(
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount DECIMAL(19,4),
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_is_outgoing TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Refuses a payment that has no other side, or two, a type or currency that does not exist,
or an amount with more decimal digits than the smallest unit of the currency
(currencies.minor_unit). Gives whether money leaves the account.
Errors: 30002 argument, 30406 the amount is finer than the currency.
Transaction: none'
BEGIN
    DECLARE v_minor_unit TINYINT;

    SELECT
        t.is_outgoing,
        c.minor_unit
    INTO out_is_outgoing, v_minor_unit
    FROM transaction_types AS t
    LEFT JOIN currencies AS c ON c.currency = in_currency
    WHERE t.transaction_type = in_transaction_type
        AND t.transaction_type <> 'refund';

    IF (in_counterparty_account_id IS NULL) = (in_rail IS NULL)
        OR in_counterparty_account_id = in_account_id THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_parties: name either another account or a rail';
    END IF;
    IF out_is_outgoing IS NULL
        OR (out_is_outgoing = 0 AND in_counterparty_account_id IS NOT NULL) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_parties: the type of payment is unknown, or incoming between accounts';
    END IF;
    IF v_minor_unit IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_parties: the currency is unknown';
    END IF;
    IF in_amount <> TRUNCATE(in_amount, v_minor_unit) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30406,
            MESSAGE_TEXT = 'check_payment_parties: the amount is finer than the smallest unit of its currency';
    END IF;
END$$

DELIMITER ;
