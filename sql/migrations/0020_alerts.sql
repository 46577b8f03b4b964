-- table: alerts
-- from: 0d29a64a4cffa56d
-- from: ebbeb11ba48ed1ec
-- to: 99acfa903f0ad972
ALTER TABLE alerts
    DROP KEY IF EXISTS uq_alerts_open,
    DROP COLUMN IF EXISTS open_key;
ALTER TABLE alerts
    MODIFY COLUMN severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'How bad it is, at its worst',
    MODIFY COLUMN alert_state ENUM ('firing', 'acknowledged', 'resolved')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'firing until somebody takes it or what is wrong is over',
    ADD COLUMN IF NOT EXISTS open_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (
            IF(alert_state = 'resolved', NULL, CONCAT(alert_rule, '/', alert_subject))) STORED
        COMMENT 'Rule and subject while it is open; unique, so one is open at a time' AFTER alert_state,
    ADD UNIQUE KEY IF NOT EXISTS uq_alerts_open (open_key),
    MODIFY COLUMN resolved_at DATETIME(3) NULL COMMENT 'Found to be over (UTC); NULL while open',
    ADD COLUMN IF NOT EXISTS reopened_count INT NOT NULL DEFAULT 0
        COMMENT 'How often it was found again soon after its end' AFTER seen_count,
    ADD COLUMN IF NOT EXISTS fired_at DATETIME(3) NULL
        COMMENT 'When it began to fire, the last time (UTC)' AFTER reopened_count,
    ADD COLUMN IF NOT EXISTS acknowledged_at DATETIME(3) NULL
        COMMENT 'When somebody took it (UTC); NULL when nobody did' AFTER fired_at,
    ADD COLUMN IF NOT EXISTS acknowledged_by VARCHAR(160)
        CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL
            COMMENT 'Who took it; NULL when nobody did' AFTER acknowledged_at,
    ADD COLUMN IF NOT EXISTS owner VARCHAR(64)
        CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL
            COMMENT 'Team or person whose it is; NULL when it is nobody''s' AFTER acknowledged_by,
    ADD COLUMN IF NOT EXISTS disposition ENUM ('true_positive', 'false_positive')
        CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'What people judged it to be; NULL while nobody has' AFTER owner,
    ADD COLUMN IF NOT EXISTS parent_alert_id BIGINT NULL
        COMMENT 'Alert that explains it, of which people are told; NULL for none. No foreign key: that one may be gone' AFTER resolved_at,
    ADD COLUMN IF NOT EXISTS cause VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Where most of it happens, dimension=member; NULL when nowhere in particular' AFTER parent_alert_id,
    ADD COLUMN IF NOT EXISTS payments_affected BIGINT NULL
        COMMENT 'Payments concerned, missing ones for a drop; NULL when it is not about payments' AFTER cause,
    ADD COLUMN IF NOT EXISTS value_at_stake DECIMAL(21,4) NULL
        COMMENT 'Their amount, base currency; NULL as above' AFTER payments_affected,
    ADD COLUMN IF NOT EXISTS customers_affected BIGINT NULL
        COMMENT 'Their customers; NULL as above, and for missing payments' AFTER value_at_stake,
    ADD KEY IF NOT EXISTS idx_alerts_parent (parent_alert_id),
    ADD KEY IF NOT EXISTS idx_alerts_rule_subject (alert_rule, alert_subject, resolved_at);
UPDATE alerts SET fired_at = raised_at WHERE fired_at IS NULL;
ALTER TABLE alerts
    MODIFY COLUMN fired_at DATETIME(3) NOT NULL
        COMMENT 'When it began to fire, the last time (UTC)';
