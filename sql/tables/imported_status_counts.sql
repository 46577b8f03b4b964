CREATE TABLE IF NOT EXISTS imported_status_counts (
    source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Source that counted',
    metric_minute DATETIME NOT NULL COMMENT 'Minute (UTC)',
    source_status VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Status as the source writes it',
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'State it maps onto',
    payment_count INT NOT NULL COMMENT 'Payments in that minute',
    PRIMARY KEY (source_name, metric_minute, source_status),
    CONSTRAINT ck_imported_status_counts_count CHECK (payment_count >= 0),
    KEY idx_imported_status_counts_state (state),
    CONSTRAINT fk_imported_status_counts_state FOREIGN KEY (state) REFERENCES payment_states (state)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per source, minute and source status: payments counted by another system';
