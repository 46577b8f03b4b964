-- kpi_moving_volume: 7-day moving volume: sums over the day and the six before it.
--
-- Grain: one row per dimension, day and member.
-- Time axis: metric_date, seven key look-ups a row, whatever the history
-- Note: days without payments count as 0 and are visible in present_days.
-- Columns:
--   dimension              dimension, all for no split
--   metric_date            last day of the seven (UTC)
--   member                 member of the dimension
--   total_count            payments of the day
--   total_amount           amount of the day, base currency
--   moving_7d_count        payments of the seven days
--   moving_7d_amount       amount of the seven days, base currency
--   present_days           days of the seven that have payments
--   moving_7d_mean_amount  moving_7d_amount / 7, base currency per day
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW kpi_moving_volume AS
SELECT
    d.dimension,
    d.metric_date,
    d.member,
    CAST(d.total_count AS SIGNED) AS total_count,
    d.total_amount,
    CAST(
        d.total_count
        + COALESCE(d1.total_count, 0)
        + COALESCE(d2.total_count, 0)
        + COALESCE(d3.total_count, 0)
        + COALESCE(d4.total_count, 0)
        + COALESCE(d5.total_count, 0)
        + COALESCE(d6.total_count, 0)
    AS SIGNED) AS moving_7d_count,
    CAST(
        d.total_amount
        + COALESCE(d1.total_amount, 0)
        + COALESCE(d2.total_amount, 0)
        + COALESCE(d3.total_amount, 0)
        + COALESCE(d4.total_amount, 0)
        + COALESCE(d5.total_amount, 0)
        + COALESCE(d6.total_amount, 0)
    AS DECIMAL(21, 4)) AS moving_7d_amount,
    CAST(
        1
        + (d1.metric_date IS NOT NULL)
        + (d2.metric_date IS NOT NULL)
        + (d3.metric_date IS NOT NULL)
        + (d4.metric_date IS NOT NULL)
        + (d5.metric_date IS NOT NULL)
        + (d6.metric_date IS NOT NULL)
    AS SIGNED) AS present_days,
    CAST(
        1.000000 * (
            d.total_amount
            + COALESCE(d1.total_amount, 0)
            + COALESCE(d2.total_amount, 0)
            + COALESCE(d3.total_amount, 0)
            + COALESCE(d4.total_amount, 0)
            + COALESCE(d5.total_amount, 0)
            + COALESCE(d6.total_amount, 0)
        ) / 7
    AS DECIMAL(21, 4)) AS moving_7d_mean_amount
FROM metric_day AS d
LEFT JOIN metric_day AS d1
    ON d1.dimension = d.dimension
        AND d1.metric_date = d.metric_date - INTERVAL 1 DAY
        AND d1.member = d.member
LEFT JOIN metric_day AS d2
    ON d2.dimension = d.dimension
        AND d2.metric_date = d.metric_date - INTERVAL 2 DAY
        AND d2.member = d.member
LEFT JOIN metric_day AS d3
    ON d3.dimension = d.dimension
        AND d3.metric_date = d.metric_date - INTERVAL 3 DAY
        AND d3.member = d.member
LEFT JOIN metric_day AS d4
    ON d4.dimension = d.dimension
        AND d4.metric_date = d.metric_date - INTERVAL 4 DAY
        AND d4.member = d.member
LEFT JOIN metric_day AS d5
    ON d5.dimension = d.dimension
        AND d5.metric_date = d.metric_date - INTERVAL 5 DAY
        AND d5.member = d.member
LEFT JOIN metric_day AS d6
    ON d6.dimension = d.dimension
        AND d6.metric_date = d.metric_date - INTERVAL 6 DAY
        AND d6.member = d.member;
