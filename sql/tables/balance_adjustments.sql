CREATE TABLE IF NOT EXISTS balance_adjustments (
    request_id BIGINT NOT NULL COMMENT 'Request that was posted, or refused',
    account_id BIGINT NOT NULL COMMENT 'Account',
    adjustment_amount DECIMAL(19,4) NOT NULL
        COMMENT 'What the account gains; negative when it loses',
    balance_after DECIMAL(19,4) NOT NULL COMMENT 'Balance after it',
    reason VARCHAR(160) NOT NULL COMMENT 'Why, in words',
    PRIMARY KEY (request_id),
    KEY idx_balance_adjustments_account (account_id),
    CONSTRAINT fk_balance_adjustments_request FOREIGN KEY (request_id)
        REFERENCES payment_requests (request_id),
    CONSTRAINT fk_balance_adjustments_account FOREIGN KEY (account_id)
        REFERENCES accounts (account_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per correction of a balance by hand';
