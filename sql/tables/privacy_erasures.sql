CREATE TABLE IF NOT EXISTS privacy_erasures (
    erasure_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Erasure',
    customer_id BIGINT NOT NULL COMMENT 'Customer whose personal data were erased',
    table_counts LONGTEXT NOT NULL
        COMMENT 'Rows changed by table, a JSON object: {"customers": 1, "transactions": 12}',
    searched_column_count INT UNSIGNED NOT NULL
        COMMENT 'Columns that were searched for the old values afterwards, and held none',
    erased_by VARCHAR(160) NOT NULL COMMENT 'Database account that called erase_customer',
    erased_at DATETIME NOT NULL COMMENT 'When (UTC)',
    digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'SHA-256 of the other columns but erasure_id, in order, separated by |',
    PRIMARY KEY (erasure_id),
    KEY idx_privacy_erasures_customer (customer_id),
    CONSTRAINT fk_privacy_erasures_customer FOREIGN KEY (customer_id)
        REFERENCES customers (customer_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only proof: one row per erasure of the personal data of a customer';
