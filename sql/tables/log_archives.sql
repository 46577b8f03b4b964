CREATE TABLE IF NOT EXISTS log_archives (
    folder VARCHAR(512) NOT NULL COMMENT 'Backup folder beside whose backups the logs are',
    log_base VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Name of the binary logs of the server without their number',
    log_name VARCHAR(264) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Newest archived log',
    log_position BIGINT NOT NULL COMMENT 'Place behind the last archived event of it, bytes',
    missing_count INT NOT NULL
        COMMENT 'Logs since the newest verified backup that are missing or not whole',
    event_at DATETIME NULL COMMENT 'Instant of the newest archived event (UTC); NULL when not known',
    reached_at DATETIME NOT NULL
        COMMENT 'When all that the server had written was archived (UTC), by the clock of payops',
    recorded_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP())
        COMMENT 'When payops wrote this row (UTC)',
    PRIMARY KEY (folder, log_base),
    CONSTRAINT ck_log_archives_numbers CHECK (log_position >= 0 AND missing_count >= 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per backup folder and server whose binary logs are archived there; written by payops backup archive-logs';
