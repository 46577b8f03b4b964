CREATE TABLE IF NOT EXISTS alert_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Change',
    alert_id BIGINT NOT NULL COMMENT 'Alert; no foreign key: the history outlives it',
    alert_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Its rule',
    alert_subject VARCHAR(128) NOT NULL COMMENT 'Its subject',
    change_kind ENUM (
            'fired', 'escalated', 'acknowledged', 'assigned', 'comment', 'disposition', 'resolved',
            'reopened'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What was done',
    severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Its severity after the change',
    change_text VARCHAR(512) NOT NULL
        COMMENT 'What was found, owner, comment or disposition (may hold personal data)',
    changed_by VARCHAR(160) NOT NULL COMMENT 'Who did it; payops for what it did by itself',
    changed_at DATETIME(3) NOT NULL COMMENT 'When (UTC)',
    PRIMARY KEY (change_id),
    KEY idx_alert_changes_alert (alert_id, change_id),
    KEY idx_alert_changes_changed_at (changed_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only history of alerts: one row per thing that happened, kept for ever';
