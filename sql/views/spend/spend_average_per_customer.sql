-- spend_average_per_customer: average spend per customer over the last 30 days.
--
-- Grain: one row.
-- Note: the window is the last 30 days up to rollup_state.window_end_date, payments of every type
-- count.
-- Columns:
--   customer_count          customers with a completed payment in the window
--   account_count           accounts with a completed payment in the window
--   completed_count         completed payments
--   completed_amount        their amount, base currency
--   average_spend_amount    completed_amount / customer_count, base currency
--   average_payment_amount  completed_amount / completed_count, base currency
-- NULL: the averages are NULL when nothing was completed.
CREATE OR REPLACE VIEW spend_average_per_customer AS
SELECT
    CAST(COUNT(*) AS SIGNED) AS customer_count,
    CAST((
        SELECT COUNT(*) FROM account_window AS w WHERE w.completed_count > 0
    ) AS SIGNED) AS account_count,
    CAST(COALESCE(SUM(c.completed_count), 0) AS SIGNED) AS completed_count,
    CAST(COALESCE(SUM(c.completed_amount), 0) AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        1.000000 * SUM(c.completed_amount)
        / NULLIF(COUNT(*), 0)
    AS DECIMAL(21, 4)) AS average_spend_amount,
    CAST(
        1.000000 * SUM(c.completed_amount)
        / NULLIF(SUM(c.completed_count), 0)
    AS DECIMAL(21, 4)) AS average_payment_amount
FROM customer_window AS c
WHERE c.completed_count > 0;
