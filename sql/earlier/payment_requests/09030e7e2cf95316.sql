CREATE TABLE IF NOT EXISTS payment_requests (
    request_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Request, in the order of arrival',
    idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Key of the client: the same request sent again has the same',
    request_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of what was asked for',
    operation VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Procedure that was called',
    transaction_id BIGINT NULL COMMENT 'Payment that the request made or changed',
    payment_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'State of the payment that the client was told',
    refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Why it was refused; NULL when it was carried out',
    requested_by VARCHAR(160) NOT NULL COMMENT 'Database account that called the procedure',
    requested_at DATETIME(3) NOT NULL COMMENT 'When it was called (UTC)',
    PRIMARY KEY (request_id),
    UNIQUE KEY uq_payment_requests_idempotency_key (idempotency_key),
    KEY idx_payment_requests_transaction (transaction_id),
    CONSTRAINT fk_payment_requests_transaction FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per request that a posting procedure answered: carried out or refused';
