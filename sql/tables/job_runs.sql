CREATE TABLE IF NOT EXISTS job_runs (
    run_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Run',
    job_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Job',
    scheduled_for DATETIME NOT NULL COMMENT 'Time of the schedule that it stands for (UTC)',
    run_state ENUM (
        'running', 'succeeded', 'failed', 'timed_out', 'abandoned', 'skipped', 'missed'
    ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'abandoned: whoever ran it is gone; skipped: the job was still running; missed: nobody was there in time',
    attempt_count INT NOT NULL DEFAULT 1 COMMENT 'Attempts so far',
    host_name VARCHAR(255) NOT NULL COMMENT 'Host of the last attempt',
    process_name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Process of the last attempt: boot, process number and its start, or connection',
    fencing_token BIGINT NOT NULL COMMENT 'Fencing token of the last attempt',
    started_at DATETIME(3) NULL COMMENT 'Start of the last attempt (UTC); NULL when there was none',
    alive_until DATETIME(3) NULL
        COMMENT 'Until when it counts as alive without a sign (UTC); NULL: as long as its connection',
    ended_at DATETIME(3) NULL COMMENT 'End of the last attempt (UTC); NULL while it runs',
    row_count BIGINT NULL COMMENT 'Rows that it worked on, where its command tells',
    missed_count BIGINT NOT NULL DEFAULT 0
        COMMENT 'Times of the schedule up to this one that nobody ran',
    error_number INT NULL COMMENT 'Error number or exit status; NULL without an error',
    error_message VARCHAR(512) NULL COMMENT 'Why it did not succeed',
    output_tail VARCHAR(4000) NULL COMMENT 'Last lines of what its program wrote',
    PRIMARY KEY (run_id),
    UNIQUE KEY uq_job_runs_scheduled (job_name, scheduled_for),
    KEY idx_job_runs_state (run_state, job_name),
    KEY idx_job_runs_scheduled (scheduled_for)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per job and time of its schedule that was decided; the unique key makes each start exactly once';
