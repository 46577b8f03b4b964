DELIMITER $$

CREATE OR REPLACE PROCEDURE lock_payment(
    IN in_transaction_id BIGINT,
    OUT out_account_id BIGINT,
    OUT out_counterparty_account_id BIGINT,
    OUT out_amount DECIMAL(19,4),
    OUT out_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_is_outgoing TINYINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Locks the accounts of a payment that was made before, then the payment, and gives what it
is.
Errors: 30401 an account that does not exist, 30403 no such payment, 30405 archived.
Transaction: joins'
BEGIN
    -- Who pays whom, and for what, never changes, so it may be read before anything is locked.
    SELECT
        t.account_id,
        t.counterparty_account_id,
        y.is_outgoing
    INTO out_account_id, out_counterparty_account_id, out_is_outgoing
    FROM transactions AS t
    LEFT JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
    WHERE t.transaction_id = in_transaction_id;
    IF out_account_id IS NULL THEN
        IF EXISTS (
            SELECT 1 FROM transactions_archive AS a WHERE a.transaction_id = in_transaction_id
        ) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30405,
                MESSAGE_TEXT = 'lock_payment: the payment is in the archive and cannot change';
        END IF;
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30403,
            MESSAGE_TEXT = 'lock_payment: the payment does not exist';
    END IF;
    CALL lock_payment_accounts(out_account_id, out_counterparty_account_id);

    SELECT
        t.transaction_amount,
        t.currency,
        t.status
    INTO out_amount, out_currency, out_status
    FROM transactions AS t
    WHERE t.transaction_id = in_transaction_id
    FOR UPDATE;
END$$

DELIMITER ;
