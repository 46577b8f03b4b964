CREATE TABLE IF NOT EXISTS space_samples (
    sample_date DATE NOT NULL COMMENT 'Day of the sample (UTC)',
    table_name VARCHAR(64) NOT NULL COMMENT 'Table',
    row_count BIGINT NOT NULL COMMENT 'Rows, as the server estimates them',
    data_bytes BIGINT NOT NULL COMMENT 'Bytes of rows, as the server estimates them',
    index_bytes BIGINT NOT NULL COMMENT 'Bytes of secondary indexes, estimated',
    PRIMARY KEY (table_name, sample_date),
    KEY idx_space_samples_date (sample_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per table and day: what it took on disk';
