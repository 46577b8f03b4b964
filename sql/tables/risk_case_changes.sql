CREATE TABLE IF NOT EXISTS risk_case_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Change',
    case_id BIGINT NOT NULL COMMENT 'Case',
    change_kind ENUM (
            'opened', 'assigned', 'note', 'due_date', 'disposition', 'reopened'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What was done',
    change_text VARCHAR(2000) NOT NULL
        COMMENT 'Assignee, note, due date, or disposition with its reason (may hold personal data)',
    changed_by VARCHAR(160) NOT NULL COMMENT 'Who did it',
    changed_at DATETIME NOT NULL COMMENT 'When (UTC)',
    PRIMARY KEY (change_id),
    KEY idx_risk_case_changes_case (case_id, change_id),
    CONSTRAINT fk_risk_case_changes_case FOREIGN KEY (case_id) REFERENCES risk_cases (case_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only log of cases: one row per thing that was done';
