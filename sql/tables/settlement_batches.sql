CREATE TABLE IF NOT EXISTS settlement_batches (
    batch_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Batch',
    request_id BIGINT NOT NULL COMMENT 'Request that settled it',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rail',
    due_until DATETIME NOT NULL COMMENT 'Latest due time of what is in it (UTC)',
    settled_count INT NOT NULL COMMENT 'Settlements in it',
    settled_at DATETIME NOT NULL COMMENT 'When it was settled (UTC)',
    PRIMARY KEY (batch_id),
    UNIQUE KEY uq_settlement_batches_request (request_id),
    KEY idx_settlement_batches_rail (rail),
    CONSTRAINT fk_settlement_batches_request FOREIGN KEY (request_id)
        REFERENCES payment_requests (request_id),
    CONSTRAINT fk_settlement_batches_rail FOREIGN KEY (rail) REFERENCES rails (rail)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per run of settle_batch';
