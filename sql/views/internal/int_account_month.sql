-- int_account_month: completed payments of an account in the 29 days before each new day of
-- risk_scope_day.
--
-- Grain: one row per account and new day with a completed payment.
-- Note: for the last three days of the data they are what account_window holds, less these days and
-- with those that have left it, however long the history is; for older ones they are summed, which
-- is why those accounts have 31 days more in risk_scope_day.
-- Columns:
--   account_id      account
--   customer_id     owner
--   risk_date       day (UTC)
--   maximum_amount  largest completed payment of the day, base currency
--   payments        completed payments in the 29 days before
--   amount          their amount, base currency
--   amount_squares  sum of the squares of their amounts
-- NULL: payments, amount and amount_squares are NULL without days before.
CREATE OR REPLACE VIEW int_account_month AS
SELECT
    d.account_id,
    d.customer_id,
    d.risk_date,
    d.maximum_amount,
    w.completed_count - COALESCE(a.completed_count, 0) - COALESCE(b.completed_count, 0)
        - COALESCE(c.completed_count, 0) + COALESCE(y.completed_count, 0)
        + COALESCE(z.completed_count, 0) AS payments,
    w.completed_amount - COALESCE(a.completed_amount, 0) - COALESCE(b.completed_amount, 0)
        - COALESCE(c.completed_amount, 0) + COALESCE(y.completed_amount, 0)
        + COALESCE(z.completed_amount, 0) AS amount,
    w.completed_amount_squares - COALESCE(a.completed_amount_squares, 0)
        - COALESCE(b.completed_amount_squares, 0) - COALESCE(c.completed_amount_squares, 0)
        + COALESCE(y.completed_amount_squares, 0)
        + COALESCE(z.completed_amount_squares, 0) AS amount_squares
FROM rollup_state AS u
STRAIGHT_JOIN risk_scope_day AS d
STRAIGHT_JOIN account_window AS w ON w.account_id = d.account_id
-- The day and those after it.
LEFT JOIN account_day AS a
    ON a.activity_date = d.risk_date AND a.account_id = d.account_id
LEFT JOIN account_day AS b
    ON b.activity_date = d.risk_date + INTERVAL 1 DAY
        AND b.account_id = d.account_id
        AND d.risk_date < u.window_end_date
LEFT JOIN account_day AS c
    ON c.activity_date = d.risk_date + INTERVAL 2 DAY
        AND c.account_id = d.account_id
        AND d.risk_date < u.window_end_date - INTERVAL 1 DAY
-- Those that have left the window.
LEFT JOIN account_day AS y
    ON y.activity_date = u.window_end_date - INTERVAL 30 DAY
        AND y.account_id = d.account_id
        AND d.risk_date < u.window_end_date
LEFT JOIN account_day AS z
    ON z.activity_date = u.window_end_date - INTERVAL 31 DAY
        AND z.account_id = d.account_id
        AND d.risk_date < u.window_end_date - INTERVAL 1 DAY
WHERE d.is_new = 1
    AND d.completed_count > 0
    AND d.risk_date >= u.window_end_date - INTERVAL 2 DAY
UNION ALL
SELECT
    o.account_id,
    o.customer_id,
    o.risk_date,
    o.maximum_amount,
    o.payments,
    o.amount,
    o.amount_squares
FROM (
    SELECT
        n.account_id,
        n.customer_id,
        n.risk_date,
        n.is_new,
        n.maximum_amount,
        n.completed_count,
        SUM(n.completed_count) OVER days_before AS payments,
        -- Doubles: adding and taking away decimals of this width takes three times as long.
        SUM(n.completed_amount + 0e0) OVER days_before AS amount,
        SUM(n.completed_amount_squares + 0e0) OVER days_before AS amount_squares
    FROM risk_scope AS s
    STRAIGHT_JOIN (
        SELECT
            g.account_id,
            g.customer_id,
            g.risk_date,
            g.is_new,
            g.maximum_amount,
            g.completed_count,
            g.completed_amount,
            g.completed_amount_squares,
            TO_DAYS(g.risk_date) AS day_number
        FROM risk_scope_day AS g
    ) AS n ON n.account_id = s.account_id
    WHERE s.from_date < (
        SELECT u.window_end_date - INTERVAL 2 DAY
        FROM rollup_state AS u
    )
    WINDOW days_before AS (
        PARTITION BY n.account_id
        ORDER BY n.day_number
        RANGE BETWEEN 29 PRECEDING AND 1 PRECEDING
    )
) AS o
WHERE o.is_new = 1
    AND o.completed_count > 0
    AND o.risk_date < (
        SELECT u.window_end_date - INTERVAL 2 DAY
        FROM rollup_state AS u
    );
