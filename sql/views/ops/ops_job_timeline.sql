-- ops_job_timeline: runs of jobs of the last 24 hours by half hour.
--
-- Grain: one row per job and half hour with a time of its schedule.
-- Time axis: slot_at
-- Columns:
--   job_name         job
--   slot_at          begin of the half hour (UTC)
--   run_count        times of the schedule in it
--   failed_count     of these, failed, timed out or abandoned
--   left_out_count   of these, skipped or missed
--   succeeded_count  of these, succeeded
--   running_count    of these, still running
--   longest_seconds  longest run of them, seconds
-- NULL: longest_seconds when none has ended.
CREATE OR REPLACE VIEW ops_job_timeline AS
SELECT
    r.job_name,
    -- TO_SECONDS counts from the year 0: 62167219200 is 1970-01-01.
    CAST(
        TIMESTAMP('1970-01-01')
        + INTERVAL TO_SECONDS(r.scheduled_for) DIV 1800 * 1800 - 62167219200 SECOND
    AS DATETIME) AS slot_at,
    CAST(COUNT(*) AS SIGNED) AS run_count,
    CAST(SUM(r.run_state IN ('failed', 'timed_out', 'abandoned')) AS SIGNED) AS failed_count,
    CAST(SUM(r.run_state IN ('skipped', 'missed')) AS SIGNED) AS left_out_count,
    CAST(SUM(r.run_state = 'succeeded') AS SIGNED) AS succeeded_count,
    CAST(SUM(r.run_state = 'running') AS SIGNED) AS running_count,
    CAST(
        MAX(TIMESTAMPDIFF(MICROSECOND, r.started_at, r.ended_at)) * 0.000001
    AS DECIMAL(12, 3)) AS longest_seconds
FROM job_runs AS r
WHERE r.scheduled_for > as_of() - INTERVAL 24 HOUR
    AND r.scheduled_for <= as_of()
GROUP BY r.job_name, slot_at;
