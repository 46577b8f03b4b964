CREATE TABLE IF NOT EXISTS notifications (
    notification_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Notice',
    route_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Route',
    alert_id BIGINT NOT NULL COMMENT 'Alert; no foreign key: a notice may outlive it',
    notice_kind ENUM ('firing', 'reminder', 'resolved')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What it tells',
    reopened_count INT NOT NULL COMMENT 'reopened_count of the alert',
    severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Severity of the alert',
    notice_number INT NOT NULL DEFAULT 0 COMMENT 'Number of the reminder; 0 for others',
    alert_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Its rule',
    alert_subject VARCHAR(128) NOT NULL COMMENT 'Its subject',
    alert_message VARCHAR(512) NOT NULL COMMENT 'Its message when the notice was written',
    raised_at DATETIME(3) NOT NULL COMMENT 'When the alert was first found (UTC)',
    resolved_at DATETIME(3) NULL COMMENT 'When it was over (UTC); NULL while it is open',
    notice_state ENUM ('waiting', 'sending', 'delivered', 'failed', 'cancelled')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting'
        COMMENT 'failed: given up; cancelled: over before it was told',
    created_at DATETIME(3) NOT NULL COMMENT 'When it was written, with the change of the alert (UTC)',
    due_at DATETIME(3) NOT NULL COMMENT 'When it may be sent (UTC)',
    attempt_count INT NOT NULL DEFAULT 0 COMMENT 'Attempts to send it',
    lease_owner VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Who sends it; NULL when nobody does',
    lease_until DATETIME(3) NULL COMMENT 'Until when it is the sender''s (UTC)',
    last_error VARCHAR(255) NULL COMMENT 'Why the last attempt failed, without secrets',
    delivered_at DATETIME(3) NULL COMMENT 'When the receiver took it (UTC)',
    PRIMARY KEY (notification_id),
    UNIQUE KEY uq_notifications_notice (
        alert_id, route_name, reopened_count, notice_kind, severity, notice_number),
    KEY idx_notifications_due (notice_state, due_at),
    KEY idx_notifications_created_at (created_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Outbox: one row per notice of an alert over a route';
