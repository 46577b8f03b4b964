CREATE TABLE IF NOT EXISTS audit_log (
    audit_id BIGINT NOT NULL COMMENT 'Entry, counted from 1 without a gap',
    recorded_at DATETIME(6) NOT NULL COMMENT 'When (UTC)',
    actor VARCHAR(255) NOT NULL COMMENT 'Account that was connected',
    subject_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What was changed: setting, rule, job, score_override, …',
    subject VARCHAR(255) NOT NULL COMMENT 'Which one',
    audit_action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'created, changed or deleted',
    old_values VARCHAR(2000) NULL COMMENT 'Values before, as a JSON object; NULL when created',
    new_values VARCHAR(2000) NULL COMMENT 'Values after, as a JSON object; NULL when deleted',
    previous_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'entry_hash of the entry before; zeros for the first',
    entry_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'SHA-256 over previous_hash and all other columns, each with its length before it',
    PRIMARY KEY (audit_id),
    KEY idx_audit_log_subject (subject_kind, subject),
    KEY idx_audit_log_recorded_at (recorded_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per change of configuration or decision of a person; each is chained to the one before';
