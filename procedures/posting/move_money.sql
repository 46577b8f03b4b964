DELIMITER $$

CREATE OR REPLACE PROCEDURE move_money(
    IN in_request_id BIGINT,
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_internal_account VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_gain DECIMAL(19,4)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the two entries of a movement and changes the balances: the account gains in_gain,
and the other account or the account of the bank loses it. Call it after lock_payment_accounts.
Transaction: joins'
BEGIN
    INSERT INTO ledger_entries (
        request_id,
        account_id,
        internal_account,
        currency,
        entry_amount
    ) VALUES
        (in_request_id, in_account_id, NULL, in_currency, in_gain),
        (in_request_id, in_counterparty_account_id, in_internal_account, in_currency, -in_gain);
    UPDATE accounts AS a
    SET a.balance = a.balance + IF(a.account_id = in_account_id, in_gain, -in_gain)
    WHERE a.account_id IN (in_account_id, in_counterparty_account_id);
END$$

DELIMITER ;
