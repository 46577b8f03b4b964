-- spend_customer_day: payments of customers by day.
--
-- Grain: one row per day and customer with payments.
-- Time axis: metric_date
-- Columns:
--   metric_date       day of the payments (UTC)
--   customer_id       customer
--   total_count       payments
--   completed_count   completed payments
--   failed_count      payments in state failed
--   denied_count      payments in state denied
--   open_count        payments in non-terminal states
--   total_amount      amount of all payments, base currency
--   completed_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW spend_customer_day AS
SELECT
    d.activity_date AS metric_date,
    a.customer_id,
    CAST(SUM(d.total_count) AS SIGNED) AS total_count,
    CAST(SUM(d.completed_count) AS SIGNED) AS completed_count,
    CAST(SUM(d.failed_count) AS SIGNED) AS failed_count,
    CAST(SUM(d.denied_count) AS SIGNED) AS denied_count,
    CAST(SUM(d.open_count) AS SIGNED) AS open_count,
    CAST(SUM(d.total_amount) AS DECIMAL(21, 4)) AS total_amount,
    CAST(SUM(d.completed_amount) AS DECIMAL(21, 4)) AS completed_amount
FROM account_day AS d
INNER JOIN accounts AS a ON a.account_id = d.account_id
GROUP BY d.activity_date, a.customer_id;
