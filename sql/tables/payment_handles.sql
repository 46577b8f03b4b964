CREATE TABLE IF NOT EXISTS payment_handles (
    handle VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'UPI virtual payment address, name@bank (personal data)',
    account_id BIGINT NOT NULL COMMENT 'Account that the handle pays into',
    created_at DATETIME NOT NULL COMMENT 'When the handle was registered (UTC)',
    PRIMARY KEY (handle),
    KEY idx_payment_handles_account (account_id),
    CONSTRAINT fk_payment_handles_account FOREIGN KEY (account_id) REFERENCES accounts (account_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per payment handle of an account';
