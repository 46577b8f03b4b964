CREATE TABLE IF NOT EXISTS account_status_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Change, in order',
    account_id BIGINT NOT NULL COMMENT 'Account',
    operation VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Procedure that was called',
    from_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Status before',
    to_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Status after; the one before when it was refused',
    reason VARCHAR(160) NOT NULL COMMENT 'Why, in words',
    refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Why it was refused; NULL when it was carried out',
    changed_by VARCHAR(160) NOT NULL COMMENT 'Database account that called the procedure',
    changed_at DATETIME(3) NOT NULL COMMENT 'When (UTC)',
    PRIMARY KEY (change_id),
    KEY idx_account_status_changes_account (account_id),
    CONSTRAINT fk_account_status_changes_account FOREIGN KEY (account_id)
        REFERENCES accounts (account_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only: one row per change of the status of an account, carried out or refused';
