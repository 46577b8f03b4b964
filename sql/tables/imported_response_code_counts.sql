CREATE TABLE IF NOT EXISTS imported_response_code_counts (
    source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Source that counted',
    metric_minute DATETIME NOT NULL COMMENT 'Minute (UTC)',
    response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Response code as the source writes it',
    payment_count INT NOT NULL COMMENT 'Payments in that minute',
    PRIMARY KEY (source_name, metric_minute, response_code),
    CONSTRAINT ck_imported_response_code_counts_count CHECK (payment_count >= 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per source, minute and response code: payments counted by another system';
