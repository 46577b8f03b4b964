CREATE TABLE IF NOT EXISTS payment_holds (
    transaction_id BIGINT NOT NULL COMMENT 'Payment that was authorized',
    account_id BIGINT NOT NULL COMMENT 'Account whose money is held',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Rail over which it will be captured; NULL inside this bank',
    held_amount DECIMAL(19,4) NOT NULL COMMENT 'Amount held, in the currency of the account',
    captured_amount DECIMAL(19,4) NULL COMMENT 'Amount taken; NULL when nothing was',
    authorized_at DATETIME(3) NOT NULL COMMENT 'When it was authorized (UTC)',
    expires_at DATETIME NOT NULL COMMENT 'When the hold ends by itself (UTC)',
    ended_at DATETIME(3) NULL COMMENT 'When the hold ended (UTC); NULL while it lasts',
    outcome VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'captured, voided or expired; NULL while it lasts',
    PRIMARY KEY (transaction_id),
    KEY idx_payment_holds_account (account_id, ended_at, held_amount),
    KEY idx_payment_holds_expiry (ended_at, expires_at),
    CONSTRAINT fk_payment_holds_transaction FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id),
    CONSTRAINT ck_payment_holds_amount CHECK (held_amount > 0),
    CONSTRAINT ck_payment_holds_captured CHECK (captured_amount BETWEEN 0 AND held_amount),
    CONSTRAINT ck_payment_holds_outcome CHECK (
        (ended_at IS NULL AND outcome IS NULL)
        OR (ended_at IS NOT NULL AND outcome IN ('captured', 'voided', 'expired'))
    )
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per authorized payment: money that is spoken for and not yet taken';
