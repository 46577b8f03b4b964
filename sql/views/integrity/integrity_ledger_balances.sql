-- integrity_ledger_balances: must be empty: accounts whose balance is not what their ledger says.
--
-- Grain: one row per account.
-- Note: an account has a ledger from its first posting on.
-- Columns:
--   account_id      account
--   balance         balance, currency of the account
--   ledger_balance  opening balance and entries, currency of the account
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_ledger_balances AS
SELECT
    l.account_id,
    a.balance,
    CAST(l.opening_balance + COALESCE(SUM(e.entry_amount), 0) AS DECIMAL(21, 4)) AS ledger_balance
FROM account_ledgers AS l
INNER JOIN accounts AS a ON a.account_id = l.account_id
LEFT JOIN ledger_entries AS e ON e.account_id = l.account_id
GROUP BY l.account_id, a.balance, l.opening_balance
HAVING a.balance <> l.opening_balance + COALESCE(SUM(e.entry_amount), 0);
