-- ops_job_runs: what became of each time of the schedule of each job.
--
-- Grain: one row per job and time of its schedule that was decided.
-- Time axis: scheduled_for
-- Columns:
--   run_id         run
--   job_name       job
--   scheduled_for  time of the schedule (UTC)
--   run_state      running, succeeded, failed, timed_out, abandoned, skipped or missed
--   attempt_count  attempts so far
--   host_name      host of the last attempt, empty when there was none
--   started_at     start of the last attempt (UTC)
--   ended_at       end of the last attempt (UTC)
--   delay_seconds  started_at - scheduled_for, seconds
--   run_seconds    ended_at - started_at, seconds
--   row_count      rows that it worked on
--   missed_count   times of the schedule up to this one that nobody ran
--   error_number   error number or exit status
--   error_message  why it did not succeed
-- NULL: started_at, delay_seconds and run_seconds without an attempt; ended_at and run_seconds
-- while it runs; row_count where the command does not report it; error_... without an error.
CREATE OR REPLACE VIEW ops_job_runs AS
SELECT
    r.run_id,
    r.job_name,
    r.scheduled_for,
    r.run_state,
    r.attempt_count,
    r.host_name,
    r.started_at,
    r.ended_at,
    CAST(
        TIMESTAMPDIFF(MICROSECOND, r.scheduled_for, r.started_at) * 0.000001 AS DECIMAL(12,3)
    ) AS delay_seconds,
    CAST(
        TIMESTAMPDIFF(MICROSECOND, r.started_at, r.ended_at) * 0.000001 AS DECIMAL(12,3)
    ) AS run_seconds,
    r.row_count,
    r.missed_count,
    r.error_number,
    r.error_message
FROM job_runs AS r;
