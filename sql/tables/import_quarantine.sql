CREATE TABLE IF NOT EXISTS import_quarantine (
    quarantine_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Quarantined record',
    import_id BIGINT NOT NULL COMMENT 'Import that read it',
    line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
    column_name VARCHAR(64) NULL COMMENT 'Column that is wrong; NULL when the whole record is',
    reason VARCHAR(255) NOT NULL COMMENT 'What is wrong with it, without values',
    raw_line MEDIUMBLOB NOT NULL COMMENT 'The record as read, cut at 64 KiB',
    PRIMARY KEY (quarantine_id),
    KEY idx_import_quarantine_import (import_id, line_number),
    CONSTRAINT fk_import_quarantine_import FOREIGN KEY (import_id)
        REFERENCES import_runs (import_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per record that an import refused';
