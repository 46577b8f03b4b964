-- spend_customers: customers with payments in the last 30 days, by whose amount or count they can
-- be ordered.
--
-- Grain: one row per customer with payments.
-- Note: the window is the last 30 days up to rollup_state.window_end_date; read_top_customers takes
-- any period, spend_customer_day adds up over any days.
-- Columns:
--   customer_id       customer
--   total_count       payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   mean_amount       completed_amount / completed_count, base currency
-- NULL: mean_amount is NULL when nothing was completed.
CREATE OR REPLACE VIEW spend_customers AS
SELECT
    c.customer_id,
    CAST(c.total_count AS SIGNED) AS total_count,
    CAST(c.completed_count AS SIGNED) AS completed_count,
    CAST(c.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        1.000000 * c.completed_amount
        / NULLIF(c.completed_count, 0)
    AS DECIMAL(21, 4)) AS mean_amount
FROM customer_window AS c
WHERE c.total_count > 0;
