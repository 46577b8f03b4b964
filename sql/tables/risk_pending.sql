CREATE TABLE IF NOT EXISTS risk_pending (
    account_id BIGINT NOT NULL COMMENT 'Account',
    from_date DATE NOT NULL COMMENT 'First day with a change (UTC)',
    PRIMARY KEY (account_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account with payments that changed since rules were evaluated';
