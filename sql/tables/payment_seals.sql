CREATE TABLE IF NOT EXISTS payment_seals (
    subject_kind ENUM (
            'account', 'payment', 'request'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What is sealed: where the ledger of an account begins, a final payment, or a request with its entries',
    subject_id BIGINT NOT NULL COMMENT 'account_id, transaction_id or request_id',
    batch_id BIGINT NOT NULL COMMENT 'Batch in which it was sealed',
    seal CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Keyed hash over kind, id, batch and facts, hexadecimal; the key is outside the database',
    PRIMARY KEY (subject_kind, subject_id),
    KEY idx_payment_seals_batch (batch_id, subject_kind, subject_id),
    CONSTRAINT fk_payment_seals_batch FOREIGN KEY (batch_id)
        REFERENCES payment_seal_batches (batch_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per posted request, final payment and ledger of an account that is sealed';
