CREATE TABLE IF NOT EXISTS payment_flags (
    flag_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Flag',
    transaction_id BIGINT NOT NULL COMMENT 'Payment; without a foreign key, which would lock it',
    account_id BIGINT NOT NULL COMMENT 'Its account',
    customer_id BIGINT NOT NULL COMMENT 'Owner of the account',
    flag_level ENUM ('Low', 'Medium', 'High') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'How much the flag says',
    reason VARCHAR(400) NOT NULL COMMENT 'Why, in words (may hold personal data)',
    flagged_by VARCHAR(160) NOT NULL COMMENT 'Who flagged it',
    flagged_at DATETIME NOT NULL COMMENT 'When (UTC)',
    removed_by VARCHAR(160) NULL COMMENT 'Who removed the flag; NULL while it counts',
    removed_at DATETIME NULL COMMENT 'When (UTC); NULL while it counts',
    removal_reason VARCHAR(400) NULL
        COMMENT 'Why, in words (may hold personal data); NULL while it counts',
    -- A payment has one flag at a time.
    flagged_transaction_id BIGINT AS (IF(removed_at IS NULL, transaction_id, NULL)) STORED
        COMMENT 'transaction_id while the flag counts, else NULL',
    PRIMARY KEY (flag_id),
    UNIQUE KEY uq_payment_flags_payment (flagged_transaction_id),
    KEY idx_payment_flags_account (account_id, flag_id),
    KEY idx_payment_flags_customer (customer_id, flag_id),
    CONSTRAINT fk_payment_flags_customer FOREIGN KEY (customer_id)
        REFERENCES customers (customer_id),
    CONSTRAINT ck_payment_flags_removed CHECK ((removed_at IS NULL) = (removed_by IS NULL))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per flag that a person put on a payment; rule M01 makes hits of them';
