-- ops_rollup_lag: how far the rollups are behind: age of the oldest change that is not applied.
--
-- Grain: one row per change log.
-- Columns:
--   change_log          change log
--   waiting_count       changes that wait
--   oldest_captured_at  when the oldest was captured (UTC)
--   lag_seconds         its age by the clock of the server, not by as_of(), 0 when nothing waits,
--                       seconds
--   refreshed_at        when rollups were last refreshed (UTC)
-- NULL: oldest_captured_at is NULL when nothing waits, refreshed_at before the first refresh.
CREATE OR REPLACE VIEW ops_rollup_lag AS
SELECT
    l.change_log,
    CAST(l.waiting_count AS SIGNED) AS waiting_count,
    l.oldest_captured_at,
    CAST(
        1.000000 * GREATEST(
            0,
            COALESCE(TIMESTAMPDIFF(MICROSECOND, l.oldest_captured_at, UTC_TIMESTAMP(3)), 0)
        ) / 1000000
    AS DECIMAL(14, 3)) AS lag_seconds,
    s.refreshed_at
FROM int_change_log AS l
LEFT JOIN rollup_state AS s ON s.state_id = 1;
