CREATE TABLE IF NOT EXISTS job_dues (
    job_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Job',
    next_due_at DATETIME NOT NULL COMMENT 'Next time of its schedule (UTC)',
    noted_at DATETIME(3) NOT NULL COMMENT 'When the scheduler said so (UTC)',
    PRIMARY KEY (job_name),
    CONSTRAINT fk_job_dues_job FOREIGN KEY (job_name) REFERENCES jobs (job_name) ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per enabled job: when it is due next, as the scheduler noted it; SQL cannot read schedules';
