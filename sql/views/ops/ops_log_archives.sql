-- ops_log_archives: archives of binary logs: how far they reach, and what is missing in them.
--
-- Grain: one row per backup folder and server.
-- Columns:
--   folder               backup folder that the logs are in
--   log_base             name of the binary logs of the server without their number
--   log_name             newest archived log
--   log_position         place behind the last archived event of it, bytes
--   missing_count        logs since the newest verified backup that are missing or not whole
--   event_at             instant of the newest archived event (UTC)
--   reached_at           when all that the server had written was archived (UTC)
--   reached_age_seconds  as_of() - reached_at, at least 0, seconds
-- NULL: event_at when it is not known.
CREATE OR REPLACE VIEW ops_log_archives AS
SELECT
    l.folder,
    l.log_base,
    l.log_name,
    l.log_position,
    l.missing_count,
    l.event_at,
    l.reached_at,
    CAST(
        GREATEST(0, TIMESTAMPDIFF(SECOND, l.reached_at, as_of()))
    AS SIGNED) AS reached_age_seconds
FROM log_archives AS l;
