CREATE TABLE IF NOT EXISTS jobs (
    job_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name, snake_case',
    description VARCHAR(255) NOT NULL COMMENT 'What it does',
    command_kind ENUM ('sql', 'payops') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'sql: one CALL that any client can make; payops: words after payops',
    command_text VARCHAR(512) NOT NULL COMMENT 'The CALL, or the words',
    schedule VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Cron expression of 5 fields, or 6 with seconds first, or every N s|m|h|d',
    time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'UTC'
        COMMENT 'IANA zone in which the cron expression is read',
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Calendar that calendar_condition asks; NULL when it is any',
    calendar_condition ENUM ('any', 'business_days', 'holidays')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'any'
        COMMENT 'Days on which the job runs; holidays: all that are no business days',
    catch_up ENUM ('none', 'once', 'all') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'once' COMMENT 'What is made up for after an outage: nothing, the last time, all',
    catch_up_maximum INT NOT NULL DEFAULT 100 COMMENT 'Most times that all makes up for',
    overlap ENUM ('skip', 'queue') CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'skip'
        COMMENT 'What happens to a time that comes while the job runs',
    grace_seconds INT NOT NULL DEFAULT 300
        COMMENT 'Time after which a start counts as late, seconds',
    timeout_seconds INT NOT NULL DEFAULT 3600 COMMENT 'Longest time of a run, seconds',
    maximum_attempts INT NOT NULL DEFAULT 3 COMMENT 'Attempts for one time, the first included',
    retry_seconds INT NOT NULL DEFAULT 60
        COMMENT 'Wait before the second attempt, seconds; doubles with each further one',
    alerts_when_late TINYINT(1) NOT NULL DEFAULT 1 COMMENT '1 when being late raises an alert',
    alerts_when_failed TINYINT(1) NOT NULL DEFAULT 1
        COMMENT '1 when the last attempt that fails raises an alert',
    is_enabled TINYINT(1) NOT NULL DEFAULT 1 COMMENT '1 when the scheduler starts it',
    PRIMARY KEY (job_name),
    CONSTRAINT fk_jobs_calendar FOREIGN KEY (calendar_name) REFERENCES calendars (calendar_name),
    CONSTRAINT ck_jobs_calendar
        CHECK ((calendar_condition = 'any') = (calendar_name IS NULL)),
    CONSTRAINT ck_jobs_command
        CHECK (command_kind = 'payops' OR command_text REGEXP '^CALL [a-z_]+\\([^;]*\\)$'),
    CONSTRAINT ck_jobs_numbers
        CHECK (
            catch_up_maximum >= 1 AND grace_seconds >= 0 AND timeout_seconds >= 1
            AND maximum_attempts >= 1 AND retry_seconds >= 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per job: what runs, when, and what is done when it does not';
