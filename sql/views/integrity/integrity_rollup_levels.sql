-- integrity_rollup_levels: must be empty: the last two days where day, sum of hours and sum of
-- minutes differ (dimension all).
--
-- Grain: one row per wrong day.
-- Columns:
--   metric_date    day (UTC)
--   day_count      payments by metric_day
--   hour_count     payments by metric_hour
--   minute_count   payments by metric_minute
--   day_amount     amount by metric_day, base currency
--   hour_amount    amount by metric_hour, base currency
--   minute_amount  amount by metric_minute, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_rollup_levels AS
SELECT
    d.metric_date,
    CAST(d.total_count AS SIGNED) AS day_count,
    CAST(COALESCE(h.total_count, 0) AS SIGNED) AS hour_count,
    CAST(COALESCE(m.total_count, 0) AS SIGNED) AS minute_count,
    d.total_amount AS day_amount,
    CAST(COALESCE(h.total_amount, 0) AS DECIMAL(21, 4)) AS hour_amount,
    CAST(COALESCE(m.total_amount, 0) AS DECIMAL(21, 4)) AS minute_amount
FROM metric_day AS d
LEFT JOIN (
    SELECT
        DATE(x.metric_hour) AS metric_date,
        SUM(x.total_count) AS total_count,
        SUM(x.completed_count) AS completed_count,
        SUM(x.total_amount) AS total_amount
    FROM metric_hour AS x
    WHERE x.dimension = 'all'
        AND x.metric_hour >= DATE(as_of()) - INTERVAL 1 DAY
    GROUP BY DATE(x.metric_hour)
) AS h ON h.metric_date = d.metric_date
LEFT JOIN (
    SELECT
        DATE(y.metric_minute) AS metric_date,
        SUM(y.total_count) AS total_count,
        SUM(y.completed_count) AS completed_count,
        SUM(y.total_amount) AS total_amount
    FROM metric_minute AS y
    WHERE y.dimension = 'all'
        AND y.metric_minute >= DATE(as_of()) - INTERVAL 1 DAY
    GROUP BY DATE(y.metric_minute)
) AS m ON m.metric_date = d.metric_date
WHERE d.dimension = 'all'
    AND d.metric_date >= DATE(as_of()) - INTERVAL 1 DAY
    AND (
        d.total_count <> COALESCE(h.total_count, 0)
        OR d.total_count <> COALESCE(m.total_count, 0)
        OR d.completed_count <> COALESCE(h.completed_count, 0)
        OR d.completed_count <> COALESCE(m.completed_count, 0)
        OR d.total_amount <> COALESCE(h.total_amount, 0)
        OR d.total_amount <> COALESCE(m.total_amount, 0)
    );
