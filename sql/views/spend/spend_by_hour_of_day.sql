-- spend_by_hour_of_day: spend by hour of the day over the last 30 days.
--
-- Grain: one row per hour of the day.
-- Columns:
--   hour_of_day       hour, 0 to 23 (UTC)
--   total_count       payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   mean_amount       completed_amount / completed_count, base currency
--   success_rate      completed_count / total_count
-- NULL: a mean or rate is NULL where its denominator is 0.
CREATE OR REPLACE VIEW spend_by_hour_of_day AS
SELECT
    CAST(HOUR(h.metric_hour) AS SIGNED) AS hour_of_day,
    CAST(SUM(h.total_count) AS SIGNED) AS total_count,
    CAST(SUM(h.completed_count) AS SIGNED) AS completed_count,
    CAST(SUM(h.completed_amount) AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        1.000000 * SUM(h.completed_amount)
        / NULLIF(SUM(h.completed_count), 0)
    AS DECIMAL(21, 4)) AS mean_amount,
    CAST(
        1.000000 * SUM(h.completed_count)
        / NULLIF(SUM(h.total_count), 0)
    AS DECIMAL(9, 6)) AS success_rate
FROM metric_hour AS h
WHERE h.dimension = 'all'
    AND h.metric_hour >= as_of() - INTERVAL 30 DAY
    AND h.metric_hour <= as_of()
GROUP BY CAST(HOUR(h.metric_hour) AS SIGNED);
