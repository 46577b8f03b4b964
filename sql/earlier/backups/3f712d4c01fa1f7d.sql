CREATE TABLE IF NOT EXISTS backups (
    backup_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Backup; equals its name in the backup folder',
    backup_sequence BIGINT NOT NULL
        COMMENT 'Position in the order of taking; a higher one is newer, whatever the clock said',
    schema_name VARCHAR(64) NOT NULL COMMENT 'Schema that was backed up',
    folder VARCHAR(512) NOT NULL COMMENT 'Backup folder that holds it',
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'unverified, verified (a restore proved it), failed (its verification failed) or deleted',
    dump_seconds DECIMAL(12, 3) NOT NULL COMMENT 'Duration of the dump, seconds',
    restore_seconds DECIMAL(12, 3) NULL
        COMMENT 'Duration of the restore that the verification made, seconds; NULL before one',
    raw_bytes BIGINT NOT NULL COMMENT 'Size of the dump before compression and encryption, bytes',
    stored_bytes BIGINT NOT NULL COMMENT 'Size in the backup folder, bytes',
    is_encrypted TINYINT(1) NOT NULL COMMENT '1 when it can be read only with a key',
    is_pinned TINYINT(1) NOT NULL COMMENT '1 when rotation must not remove it',
    gtid_position VARCHAR(1024) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Position of the snapshot in the binary log, as GTIDs; NULL without a binary log',
    created_at DATETIME NOT NULL COMMENT 'Instant of the snapshot (UTC)',
    verified_at DATETIME NULL COMMENT 'When it was last verified (UTC); NULL before',
    next_deletion_at DATETIME NULL
        COMMENT 'When rotation will remove it (UTC); NULL when never or not known',
    deleted_at DATETIME NULL COMMENT 'When it was removed from the folder (UTC); NULL while there',
    recorded_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP())
        COMMENT 'When payops wrote this row (UTC)',
    PRIMARY KEY (backup_id),
    KEY idx_backups_state_sequence (state, backup_sequence),
    CONSTRAINT ck_backups_state
        CHECK (state IN ('unverified', 'verified', 'failed', 'deleted')),
    CONSTRAINT ck_backups_verified CHECK (state <> 'verified' OR verified_at IS NOT NULL),
    CONSTRAINT ck_backups_deleted CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
    CONSTRAINT ck_backups_sequence CHECK (backup_sequence >= 0),
    CONSTRAINT ck_backups_seconds CHECK (dump_seconds >= 0 AND restore_seconds >= 0),
    CONSTRAINT ck_backups_bytes CHECK (raw_bytes >= 0 AND stored_bytes >= 0),
    CONSTRAINT ck_backups_flags CHECK (is_encrypted IN (0, 1) AND is_pinned IN (0, 1))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per backup that this database knows; mirrored from the backup folder by payops';
