CREATE TABLE IF NOT EXISTS settlement_batch_items (
    settlement_id BIGINT NOT NULL COMMENT 'Settlement',
    batch_id BIGINT NOT NULL COMMENT 'Batch that settled it',
    PRIMARY KEY (settlement_id),
    KEY idx_settlement_batch_items_batch (batch_id),
    CONSTRAINT fk_settlement_batch_items_settlement FOREIGN KEY (settlement_id)
        REFERENCES settlements (settlement_id),
    CONSTRAINT fk_settlement_batch_items_batch FOREIGN KEY (batch_id)
        REFERENCES settlement_batches (batch_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per settlement that a batch has settled';
