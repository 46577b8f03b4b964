CREATE TABLE IF NOT EXISTS stuck_payments (
    transaction_id BIGINT NOT NULL COMMENT 'Payment',
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'State it is stuck in',
    state_since DATETIME NOT NULL COMMENT 'When it entered the state (UTC)',
    base_amount DECIMAL(19,4) NULL COMMENT 'Amount, base currency; NULL without a rate',
    marked_at DATETIME NOT NULL COMMENT 'When it was found (UTC)',
    cleared_at DATETIME NULL COMMENT 'When it was found to have moved on (UTC); NULL while stuck',
    PRIMARY KEY (transaction_id, state, state_since),
    KEY idx_stuck_payments_state (cleared_at, state),
    CONSTRAINT fk_stuck_payments_transaction FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id) ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per stay of a payment in a state that lasted longer than allowed: found once, kept after its end';
