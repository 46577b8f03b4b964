CREATE TABLE IF NOT EXISTS payment_seal_batches (
    batch_id BIGINT NOT NULL COMMENT 'Batch, counted from 1 without a gap',
    last_request_id BIGINT NOT NULL
        COMMENT 'Requests up to this one are sealed in this batch or an earlier one; 0 before the first',
    subject_count INT NOT NULL COMMENT 'Rows of payment_seals in the batch',
    key_id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Names the key without giving it away',
    sealed_at DATETIME(6) NOT NULL COMMENT 'When it was sealed, by the clock of the server (UTC)',
    previous_mac CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'batch_mac of the batch before, hexadecimal; zeros for the first',
    batch_mac CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Keyed hash over the other columns and all seals of the batch, hexadecimal',
    PRIMARY KEY (batch_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per batch of seals; each is chained to the one before. Written by payops seal alone';
