-- spend_top_customers: customers by completed amount over the last 30 days.
--
-- Grain: one row per customer with payments in the window.
-- Note: a filter on customer_id reads only that customer. The window is the last 30 days up to
-- rollup_state.window_end_date.
-- Columns:
--   customer_id       customer
--   account_count     accounts with payments
--   total_count       payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   mean_amount       completed_amount / completed_count, base currency
-- NULL: mean_amount is NULL when nothing was completed.
CREATE OR REPLACE VIEW spend_top_customers AS
SELECT
    a.customer_id,
    CAST(COUNT(*) AS SIGNED) AS account_count,
    CAST(SUM(w.total_count) AS SIGNED) AS total_count,
    CAST(SUM(w.completed_count) AS SIGNED) AS completed_count,
    CAST(SUM(w.completed_amount) AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        SUM(w.completed_amount) / NULLIF(SUM(w.completed_count), 0)
    AS DECIMAL(21, 4)) AS mean_amount
FROM accounts AS a FORCE INDEX (idx_accounts_customer)
STRAIGHT_JOIN account_window AS w ON w.account_id = a.account_id
WHERE w.total_count > 0
GROUP BY a.customer_id;
