CREATE TABLE IF NOT EXISTS integrity_checks (
    view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'View that must be empty',
    finding_count BIGINT NULL COMMENT 'Rows of the view; NULL when it could not be read',
    error_message VARCHAR(512) NULL COMMENT 'Why it could not be read; NULL when it could',
    found_since DATETIME NULL
        COMMENT 'First check of those in a row that found something (UTC); NULL when clean',
    checked_at DATETIME NOT NULL COMMENT 'Last check (UTC)',
    check_ms INT NOT NULL COMMENT 'How long it took, ms',
    PRIMARY KEY (view_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per integrity view: what check_integrity found last';
