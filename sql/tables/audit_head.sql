CREATE TABLE IF NOT EXISTS audit_head (
    head_id TINYINT NOT NULL COMMENT 'Always 1',
    audit_id BIGINT NOT NULL COMMENT 'Last entry of audit_log; 0 without one',
    entry_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Its hash',
    PRIMARY KEY (head_id),
    CONSTRAINT ck_audit_head_one CHECK (head_id = 1)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row: the end of the chain in audit_log';
