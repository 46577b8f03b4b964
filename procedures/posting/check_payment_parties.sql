DELIMITER $$

CREATE OR REPLACE PROCEDURE check_payment_parties(
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_is_outgoing TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Refuses a payment that has no other side, or two, or a type that does not exist. Gives whether money leaves the account. Errors: 30002 argument. Transaction: none'
BEGIN
    SELECT t.is_outgoing
    INTO out_is_outgoing
    FROM transaction_types AS t
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
END$$

DELIMITER ;
