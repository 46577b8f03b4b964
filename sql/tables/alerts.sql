CREATE TABLE IF NOT EXISTS alerts (
    alert_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Alert',
    alert_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What is wrong: job_failed, job_late, scheduler_silent, …',
    alert_subject VARCHAR(128) NOT NULL COMMENT 'What it is wrong with: a job, a view, a currency',
    severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'How bad it is, at its worst',
    alert_state ENUM ('firing', 'acknowledged', 'resolved')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'firing until somebody takes it or what is wrong is over',
    open_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (
            IF(alert_state = 'resolved', NULL, CONCAT(alert_rule, '/', alert_subject))) STORED
        COMMENT 'Rule and subject while it is open; unique, so one is open at a time',
    alert_message VARCHAR(512) NOT NULL COMMENT 'What was found last, in words',
    raised_at DATETIME(3) NOT NULL COMMENT 'First found (UTC)',
    seen_at DATETIME(3) NOT NULL COMMENT 'Last found (UTC)',
    seen_count BIGINT NOT NULL DEFAULT 1 COMMENT 'How often it was found',
    reopened_count INT NOT NULL DEFAULT 0
        COMMENT 'How often it was found again soon after its end',
    fired_at DATETIME(3) NOT NULL COMMENT 'When it began to fire, the last time (UTC)',
    acknowledged_at DATETIME(3) NULL COMMENT 'When somebody took it (UTC); NULL when nobody did',
    acknowledged_by VARCHAR(160) NULL COMMENT 'Who took it; NULL when nobody did',
    owner VARCHAR(64) NULL COMMENT 'Team or person whose it is; NULL when it is nobody''s',
    disposition ENUM ('true_positive', 'false_positive')
        CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'What people judged it to be; NULL while nobody has',
    resolved_at DATETIME(3) NULL COMMENT 'Found to be over (UTC); NULL while open',
    parent_alert_id BIGINT NULL
        COMMENT 'Alert that explains it, of which people are told; NULL for none. No foreign key: that one may be gone',
    cause VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Where most of it happens, dimension=member; NULL when nowhere in particular',
    payments_affected BIGINT NULL
        COMMENT 'Payments concerned, missing ones for a drop; NULL when it is not about payments',
    value_at_stake DECIMAL(21,4) NULL COMMENT 'Their amount, base currency; NULL as above',
    customers_affected BIGINT NULL COMMENT 'Their customers; NULL as above, and for missing payments',
    affected_from DATETIME NULL
        COMMENT 'Begin of the time whose payments were counted (UTC); NULL when it is not about payments',
    affected_until DATETIME NULL COMMENT 'First moment after that time (UTC); NULL as above',
    PRIMARY KEY (alert_id),
    UNIQUE KEY uq_alerts_open (open_key),
    KEY idx_alerts_raised_at (raised_at),
    KEY idx_alerts_parent (parent_alert_id),
    KEY idx_alerts_rule_subject (alert_rule, alert_subject, resolved_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per time that something was wrong, from its first sight to its end';
