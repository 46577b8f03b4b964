CREATE TABLE IF NOT EXISTS accounts (
    account_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Account',
    customer_id BIGINT NOT NULL COMMENT 'Owner',
    account_type VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'personal, savings or business',
    account_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active'
        COMMENT 'active, dormant, blocked or closed',
    account_number VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'IBAN (personal data); NULL when the source has none',
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 code of the balance',
    balance DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Current balance in the currency of the account',
    opened_at DATETIME NOT NULL COMMENT 'When the account was opened (UTC)',
    PRIMARY KEY (account_id),
    UNIQUE KEY uq_accounts_account_number (account_number),
    KEY idx_accounts_customer (customer_id),
    KEY idx_accounts_currency (currency),
    CONSTRAINT fk_accounts_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT fk_accounts_currency FOREIGN KEY (currency) REFERENCES currencies (currency),
    CONSTRAINT ck_accounts_account_type CHECK (account_type IN ('personal', 'savings', 'business')),
    CONSTRAINT ck_accounts_account_status
        CHECK (account_status IN ('active', 'dormant', 'blocked', 'closed'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account';
