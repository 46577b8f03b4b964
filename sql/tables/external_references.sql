CREATE TABLE IF NOT EXISTS external_references (
    source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Source system or mapping',
    entity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'customer, account, transaction, settlement or login',
    external_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Key of the record in the source',
    internal_id BIGINT NOT NULL COMMENT 'Key of the row here',
    PRIMARY KEY (source_name, entity, external_id),
    KEY idx_external_references_internal (entity, internal_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per imported record: its natural key in the source and its key here';
