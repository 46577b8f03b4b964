CREATE TABLE IF NOT EXISTS import_runs (
    import_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Import',
    file_name VARCHAR(255) NOT NULL COMMENT 'Name of the file, without its folder',
    file_checksum CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'FNV-1a 64 of the bytes read, hexadecimal; NULL until the end',
    mapping_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Mapping that was used',
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'running, completed, failed or interrupted',
    read_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Records read',
    loaded_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Records that became new rows',
    updated_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Records that changed a row',
    duplicate_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Records that were already there, unchanged',
    quarantined_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Records put into quarantine',
    started_at DATETIME NOT NULL COMMENT 'When the import began (UTC)',
    finished_at DATETIME NULL COMMENT 'When it ended (UTC); NULL while running',
    error_message VARCHAR(255) NULL COMMENT 'Why it failed; NULL otherwise',
    PRIMARY KEY (import_id),
    CONSTRAINT ck_import_runs_state
        CHECK (state IN ('running', 'completed', 'failed', 'interrupted')),
    CONSTRAINT ck_import_runs_balance
        CHECK (state <> 'completed'
            OR read_count = loaded_count + updated_count + duplicate_count + quarantined_count)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per import of a file; read = loaded + updated + duplicate + quarantined';
