DELIMITER $$

CREATE OR REPLACE PROCEDURE lock_payment_accounts(
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Locks the account of a payment and, when given, that of the other party, in the order of
their ids so that no two payments wait for each other, and begins their ledgers.
Errors: 30401 an account that does not exist.
Transaction: joins'
BEGIN
    DECLARE v_locked_count INT;
    DECLARE v_ledger_count INT;

    SELECT COUNT(*)
    INTO v_locked_count
    FROM accounts AS a
    WHERE a.account_id IN (in_account_id, in_counterparty_account_id)
    ORDER BY a.account_id
    FOR UPDATE;

    IF v_locked_count <> IF(in_counterparty_account_id IS NULL, 1, 2) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30401,
            MESSAGE_TEXT = 'lock_payment_accounts: an account of the payment does not exist';
    END IF;

    SELECT COUNT(*)
    INTO v_ledger_count
    FROM account_ledgers AS l
    WHERE l.account_id IN (in_account_id, in_counterparty_account_id);

    -- The balance is what it was before anything was posted: the row is locked.
    IF v_ledger_count < v_locked_count THEN
        INSERT IGNORE INTO account_ledgers (account_id, opening_balance, opened_at)
        SELECT
            a.account_id,
            a.balance,
            UTC_TIMESTAMP()
        FROM accounts AS a
        WHERE a.account_id IN (in_account_id, in_counterparty_account_id);
    END IF;
END$$

DELIMITER ;
