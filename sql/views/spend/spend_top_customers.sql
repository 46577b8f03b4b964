-- spend_top_customers: the 100 customers with the largest completed amount over the last 30 days.
--
-- Grain: one row per customer, at most 100.
-- Note: the window is the last 30 days up to rollup_state.window_end_date.
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
    r.customer_id,
    CAST((
        SELECT COUNT(*)
        FROM accounts AS a
        INNER JOIN account_window AS w ON w.account_id = a.account_id
        WHERE a.customer_id = r.customer_id
            AND w.total_count > 0
    ) AS SIGNED) AS account_count,
    CAST(r.total_count AS SIGNED) AS total_count,
    CAST(r.completed_count AS SIGNED) AS completed_count,
    CAST(r.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        1.000000 * r.completed_amount
        / NULLIF(r.completed_count, 0)
    AS DECIMAL(21, 4)) AS mean_amount
FROM (
    SELECT
        c.customer_id,
        c.total_count,
        c.completed_count,
        c.completed_amount
    FROM customer_window AS c
    WHERE c.total_count > 0
    ORDER BY c.completed_amount DESC, c.customer_id
    LIMIT 100
) AS r;
