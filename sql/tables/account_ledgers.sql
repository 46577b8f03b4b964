CREATE TABLE IF NOT EXISTS account_ledgers (
    account_id BIGINT NOT NULL COMMENT 'Account that is posted to',
    opening_balance DECIMAL(19,4) NOT NULL
        COMMENT 'Balance before the first posting, in the currency of the account',
    overdraft_limit DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'How far a payment may take the balance below zero; yours to change',
    payment_limit DECIMAL(19,4) NULL
        COMMENT 'Largest amount of one payment; NULL for no limit; yours to change',
    opened_at DATETIME NOT NULL COMMENT 'When the account was posted to first (UTC)',
    PRIMARY KEY (account_id),
    CONSTRAINT fk_account_ledgers_account FOREIGN KEY (account_id)
        REFERENCES accounts (account_id),
    CONSTRAINT ck_account_ledgers_overdraft CHECK (overdraft_limit >= 0),
    CONSTRAINT ck_account_ledgers_payment_limit CHECK (payment_limit > 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account that procedures post to: where its ledger begins, and its limits';
