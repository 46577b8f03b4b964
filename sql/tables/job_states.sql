CREATE TABLE IF NOT EXISTS job_states (
    job_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Job',
    decided_until DATETIME NULL
        COMMENT 'Last time of the schedule that was started, skipped or missed (UTC)',
    fencing_token BIGINT NOT NULL DEFAULT 0
        COMMENT 'Number of the last attempt; only who has it may write',
    running_run_id BIGINT NULL COMMENT 'Run under way; NULL when none is',
    PRIMARY KEY (job_name),
    CONSTRAINT fk_job_states_job FOREIGN KEY (job_name) REFERENCES jobs (job_name)
        ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per job that was ever looked at; each transaction of a run locks it against a newer run';
