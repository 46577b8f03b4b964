CREATE TABLE IF NOT EXISTS job_requests (
    request_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Request',
    job_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Job',
    requested_for DATETIME NOT NULL
        COMMENT 'When it was asked for (UTC); the run has it as its time of the schedule',
    request_value VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'What the run is for, such as a backup; NULL without one',
    requested_by VARCHAR(160) NOT NULL COMMENT 'Person or account that asked',
    PRIMARY KEY (request_id),
    UNIQUE KEY uq_job_requests_time (job_name, requested_for),
    KEY idx_job_requests_requested (requested_for),
    CONSTRAINT fk_job_requests_job FOREIGN KEY (job_name) REFERENCES jobs (job_name)
        ON DELETE CASCADE,
    CONSTRAINT ck_job_requests_value
        CHECK (request_value REGEXP '^[A-Za-z0-9][A-Za-z0-9._-]*$')
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per run that somebody asked for beside the schedule; the scheduler starts it when no run has its time yet';
