-- ops_jobs: every job with what it did last and whether something is wrong with it.
--
-- Grain: one row per job.
-- Columns:
--   job_name            job
--   description         what it does
--   schedule            when it runs
--   time_zone           zone of the schedule
--   is_enabled          1 when the scheduler starts it
--   is_running          1 while a run is under way
--   next_due_at         next time of its schedule (UTC)
--   last_scheduled_for  time of the schedule of the last run (UTC)
--   last_state          how the last run ended, or running
--   last_started_at     start of its last attempt (UTC)
--   last_seconds        how long it took, seconds
--   last_succeeded_at   end of the last run that succeeded (UTC)
--   is_late             1 when it was not started within its grace period, and that raises alerts
--   is_failing          1 while the alert job_failed is open
-- NULL: next_due_at until a scheduler noted it; last_... without such a run, last_seconds while it
-- runs.
CREATE OR REPLACE VIEW ops_jobs AS
SELECT
    j.job_name,
    j.description,
    j.schedule,
    j.time_zone,
    j.is_enabled,
    CAST(COALESCE(s.running_run_id IS NOT NULL, 0) AS SIGNED) AS is_running,
    IF(j.is_enabled = 1, d.next_due_at, NULL) AS next_due_at,
    r.scheduled_for AS last_scheduled_for,
    r.run_state AS last_state,
    r.started_at AS last_started_at,
    CAST(
        TIMESTAMPDIFF(MICROSECOND, r.started_at, r.ended_at) * 0.000001 AS DECIMAL(12,3)
    ) AS last_seconds,
    (
        SELECT MAX(g.ended_at)
        FROM job_runs AS g
        WHERE g.job_name = j.job_name
            AND g.run_state = 'succeeded'
    ) AS last_succeeded_at,
    -- Also without an alert of its own: while no scheduler is running, that is the alert.
    CAST(EXISTS (
        SELECT 1
        FROM alerts AS a
        WHERE a.open_key = CONCAT('job_late/', j.job_name)
    ) OR (
        j.is_enabled = 1
        AND j.alerts_when_late = 1
        AND COALESCE(d.next_due_at + INTERVAL j.grace_seconds SECOND < as_of(), 0)
        AND NOT EXISTS (
            SELECT 1
            FROM job_runs AS n
            WHERE n.job_name = j.job_name
                AND n.scheduled_for >= d.next_due_at
                AND n.run_state <> 'missed'
        )
    ) AS SIGNED) AS is_late,
    CAST(EXISTS (
        SELECT 1
        FROM alerts AS a
        WHERE a.open_key = CONCAT('job_failed/', j.job_name)
    ) AS SIGNED) AS is_failing
FROM jobs AS j
LEFT JOIN job_states AS s ON s.job_name = j.job_name
LEFT JOIN job_dues AS d ON d.job_name = j.job_name
LEFT JOIN job_runs AS r
    ON r.job_name = j.job_name
    AND r.scheduled_for = (
        SELECT MAX(m.scheduled_for)
        FROM job_runs AS m
        WHERE m.job_name = j.job_name
            AND m.run_state NOT IN ('skipped', 'missed')
    );
