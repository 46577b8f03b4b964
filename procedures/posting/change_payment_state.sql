DELIMITER $$

CREATE OR REPLACE PROCEDURE change_payment_state(
    IN in_transaction_id BIGINT,
    IN in_from_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_to_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Brings a payment from one state into another, as the catalogue of transitions allows.
Errors: 30404 the catalogue does not allow it, or the payment is not in that state.
Transaction: joins'
BEGIN
    UPDATE transactions AS t
    SET t.status = in_to_state
    WHERE t.transaction_id = in_transaction_id
        AND t.status = in_from_state
        AND EXISTS (
            SELECT 1
            FROM payment_transitions AS p
            WHERE p.from_state = in_from_state
                AND p.to_state = in_to_state
        );
    IF ROW_COUNT() <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30404,
            MESSAGE_TEXT = 'change_payment_state: the payment may not change between these states';
    END IF;
END$$

DELIMITER ;
