-- ops_scheduler: whether a scheduler is at work, and whether the jobs run as they should.
--
-- Grain: one row.
-- Columns:
--   is_at_work        1 while a scheduler holds its lease, or did so 30 seconds ago
--   holder            host and process of the scheduler that had the lease last
--   acquired_at       since when it has it (UTC)
--   renewed_at        its last sign (UTC)
--   expires_at        until when it is held without another sign (UTC)
--   fencing_token     grows by one with each change of the holder
--   watchdog_at       last look of a watchdog (UTC)
--   enabled_count     jobs that are switched on
--   troubled_jobs     enabled jobs that are late or failing, or whose last run failed, comma
--                     separated
--   failed_run_count  runs that failed, timed out or were abandoned in the last 24 hours
--   failed_jobs       their jobs, each with how many, comma separated
-- NULL: holder to fencing_token until a scheduler was there, watchdog_at until a watchdog looked,
-- troubled_jobs and failed_jobs without such jobs.
CREATE OR REPLACE VIEW ops_scheduler AS
SELECT
    CAST(COALESCE(MAX(
        l.is_released = 0 AND l.expires_at > as_of() - INTERVAL 30 SECOND
    ), 0) AS SIGNED) AS is_at_work,
    MAX(l.holder) AS holder,
    MAX(l.acquired_at) AS acquired_at,
    MAX(l.renewed_at) AS renewed_at,
    MAX(l.expires_at) AS expires_at,
    MAX(l.fencing_token) AS fencing_token,
    (SELECT MAX(w.ticked_at) FROM watchdog_ticks AS w) AS watchdog_at,
    (SELECT COUNT(*) FROM jobs AS j WHERE j.is_enabled = 1) AS enabled_count,
    (
        SELECT CAST(GROUP_CONCAT(j.job_name ORDER BY j.job_name SEPARATOR ', ') AS CHAR(2000))
            COLLATE utf8mb4_general_ci
        FROM ops_jobs AS j
        WHERE j.is_enabled = 1
            AND (
                j.is_late = 1
                OR j.is_failing = 1
                OR j.last_state IN ('failed', 'timed_out', 'abandoned')
            )
    ) AS troubled_jobs,
    (
        SELECT COUNT(*)
        FROM job_runs AS r
        WHERE r.run_state IN ('failed', 'timed_out', 'abandoned')
            AND r.ended_at > as_of() - INTERVAL 1 DAY
    ) AS failed_run_count,
    (
        SELECT CAST(
            GROUP_CONCAT(f.job_name, ' ', f.run_count ORDER BY f.job_name SEPARATOR ', ')
        AS CHAR(2000)) COLLATE utf8mb4_general_ci
        FROM (
            SELECT
                r.job_name,
                COUNT(*) AS run_count
            FROM job_runs AS r
            WHERE r.run_state IN ('failed', 'timed_out', 'abandoned')
                AND r.ended_at > as_of() - INTERVAL 1 DAY
            GROUP BY r.job_name
        ) AS f
    ) AS failed_jobs
FROM scheduler_leases AS l
WHERE l.lease_name = 'scheduler';
