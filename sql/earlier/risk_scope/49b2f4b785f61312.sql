CREATE TABLE IF NOT EXISTS risk_scope (
    account_id BIGINT NOT NULL COMMENT 'Account',
    customer_id BIGINT NOT NULL COMMENT 'Owner',
    from_date DATE NOT NULL COMMENT 'First day whose windows are looked at (UTC)',
    PRIMARY KEY (account_id),
    KEY idx_risk_scope_customer (customer_id, from_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account that rules look at: those of the last evaluation until the next one';
