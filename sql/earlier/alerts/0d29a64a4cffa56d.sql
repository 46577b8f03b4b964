CREATE TABLE IF NOT EXISTS alerts (
    alert_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Alert',
    alert_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What is wrong: job_failed, job_late, scheduler_silent, …',
    alert_subject VARCHAR(128) NOT NULL COMMENT 'What it is wrong with: a job, a view, a currency',
    severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'How bad it is',
    alert_state ENUM ('firing', 'resolved') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'firing until what is wrong is over',
    open_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (
            IF(alert_state = 'firing', CONCAT(alert_rule, '/', alert_subject), NULL)) STORED
        COMMENT 'Rule and subject while firing; unique, so one is open at a time',
    alert_message VARCHAR(512) NOT NULL COMMENT 'What was found last, in words',
    raised_at DATETIME(3) NOT NULL COMMENT 'First found (UTC)',
    seen_at DATETIME(3) NOT NULL COMMENT 'Last found (UTC)',
    seen_count BIGINT NOT NULL DEFAULT 1 COMMENT 'How often it was found',
    resolved_at DATETIME(3) NULL COMMENT 'Found to be over (UTC); NULL while firing',
    PRIMARY KEY (alert_id),
    UNIQUE KEY uq_alerts_open (open_key),
    KEY idx_alerts_raised_at (raised_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per time that something was wrong, from its first sight to its end';
