-- monitor_minute: payments by minute as the monitor watches them: live ones from the rollups, and
-- those that other systems counted.
--
-- Grain: one row per source and minute.
-- Time axis: metric_minute, filter it together with source_name
-- Columns:
--   source_name      live, or the source of an import
--   metric_minute    minute (UTC)
--   total_count      payments in all states
--   completed_count  completed
--   failed_count     failed (technical)
--   denied_count     denied (business)
--   reversed_count   reversed, for imports the status reversed of the source itself, not
--                    backend_reversed
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW monitor_minute AS
SELECT
    CAST('live' AS CHAR(40) CHARACTER SET ascii) AS source_name,
    m.metric_minute,
    CAST(m.total_count AS SIGNED) AS total_count,
    CAST(m.completed_count AS SIGNED) AS completed_count,
    CAST(m.failed_count AS SIGNED) AS failed_count,
    CAST(m.denied_count AS SIGNED) AS denied_count,
    CAST(m.reversed_count AS SIGNED) AS reversed_count
FROM metric_minute AS m
WHERE m.dimension = 'all'
UNION ALL
SELECT
    i.source_name,
    i.metric_minute,
    CAST(SUM(i.payment_count) AS SIGNED),
    CAST(SUM(IF(i.state = 'completed', i.payment_count, 0)) AS SIGNED),
    CAST(SUM(IF(i.state = 'failed', i.payment_count, 0)) AS SIGNED),
    CAST(SUM(IF(i.state = 'denied', i.payment_count, 0)) AS SIGNED),
    CAST(SUM(IF(LOWER(i.source_status) = 'reversed', i.payment_count, 0)) AS SIGNED)
FROM imported_status_counts AS i
GROUP BY i.source_name, i.metric_minute;
