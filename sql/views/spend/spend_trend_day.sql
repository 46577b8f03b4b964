-- spend_trend_day: spend by day and its change against the same weekday of the week before.
--
-- Grain: one row per day.
-- Time axis: metric_date
-- Columns:
--   metric_date         day of the payments (UTC)
--   completed_count     completed payments
--   completed_amount    their amount, base currency
--   mean_amount         completed_amount / completed_count, base currency
--   week_before_amount  completed amount seven days before, base currency
--   change_ratio        completed_amount / week_before_amount - 1
-- NULL: week_before_amount and change_ratio are NULL without a week before, mean_amount when
-- nothing was completed.
CREATE OR REPLACE VIEW spend_trend_day AS
SELECT
    d.metric_date,
    CAST(d.completed_count AS SIGNED) AS completed_count,
    d.completed_amount,
    CAST(
        1.000000 * d.completed_amount
        / NULLIF(d.completed_count, 0)
    AS DECIMAL(21, 4)) AS mean_amount,
    w.completed_amount AS week_before_amount,
    CAST(
        1.000000 * d.completed_amount
        / NULLIF(w.completed_amount, 0) - 1
    AS DECIMAL(12, 6)) AS change_ratio
FROM metric_day AS d
LEFT JOIN metric_day AS w
    ON w.dimension = 'all'
        AND w.metric_date = d.metric_date - INTERVAL 7 DAY
        AND w.member = 'all'
WHERE d.dimension = 'all';
