-- Goes with the payments: the same partitions.
CREATE TABLE IF NOT EXISTS settlements_archive (
    settlement_id BIGINT NOT NULL COMMENT 'Settlement',
    transaction_id BIGINT NOT NULL COMMENT 'Payment that is settled',
    transaction_time DATETIME NOT NULL COMMENT 'When that payment was attempted (UTC)',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Rail on which it settles',
    settlement_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State of the settlement',
    settlement_amount DECIMAL(19,4) NOT NULL COMMENT 'Amount to settle, in currency',
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 code of the amount',
    base_amount DECIMAL(19,4) NULL
        COMMENT 'Amount in the base currency at the dated rate; NULL without a rate',
    accepted_at DATETIME NOT NULL COMMENT 'When the payment was accepted for settlement (UTC)',
    due_at DATETIME NULL
        COMMENT 'When it was due (UTC)',
    settlement_date DATETIME NULL COMMENT 'When it was settled or failed (UTC); NULL when unknown',
    PRIMARY KEY (settlement_id, transaction_time),
    KEY idx_settlements_archive_transaction (transaction_id),
    KEY idx_settlements_archive_due (due_at)
)
ENGINE = InnoDB
ROW_FORMAT = COMPRESSED
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per settlement of a payment of an archived month'
PARTITION BY RANGE (TO_DAYS(transaction_time)) (
    PARTITION p_none VALUES LESS THAN (0)
);
