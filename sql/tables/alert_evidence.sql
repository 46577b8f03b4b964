CREATE TABLE IF NOT EXISTS alert_evidence (
    alert_id BIGINT NOT NULL COMMENT 'Alert of a metric',
    evidence_number INT NOT NULL COMMENT 'Number of the change, 1 for the first',
    reopened_count INT NOT NULL COMMENT 'reopened_count of the alert at that time',
    severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Severity that it came to',
    since_minute DATETIME NOT NULL COMMENT 'First minute of what went on (UTC)',
    until_minute DATETIME NOT NULL COMMENT 'Minute after the step that decided (UTC)',
    metric_columns VARCHAR(4000) NOT NULL
        COMMENT 'JSON: the row of monitor_metrics by which it was judged',
    track_state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'JSON: what was known of the series before the steps; NULL for nothing',
    steps LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'JSON: what was counted in each step since, and the probabilities of the other members',
    PRIMARY KEY (alert_id, evidence_number),
    CONSTRAINT fk_alert_evidence_alert FOREIGN KEY (alert_id)
        REFERENCES alerts (alert_id) ON DELETE CASCADE,
    CONSTRAINT ck_alert_evidence_metric CHECK (JSON_VALID(metric_columns))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per time that an alert of a metric fired or rose: all that the decision rested on';
