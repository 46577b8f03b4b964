-- int_open_account: open payments by account: the 30-day window plus what is older.
--
-- Grain: one row per account and part.
-- Columns:
--   account_id   account
--   open_count   payments in non-terminal states
--   open_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_open_account AS
SELECT
    w.account_id,
    w.open_count,
    CAST(w.open_amount AS DECIMAL(21, 4)) AS open_amount
FROM account_window AS w
WHERE w.open_count > 0
UNION ALL
SELECT
    t.account_id,
    COUNT(*),
    SUM(COALESCE(t.base_amount, 0))
FROM transactions AS t
-- all open states: WHERE t.status IN (['{state}'])
WHERE t.status IN ('created', 'pending', 'authorized')
-- end
    AND t.transaction_time < (SELECT s.window_end_date - INTERVAL 29 DAY FROM rollup_state AS s)
GROUP BY t.account_id;
