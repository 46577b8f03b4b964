CREATE TABLE IF NOT EXISTS risk_scope (
    account_id BIGINT NOT NULL COMMENT 'Account',
    customer_id BIGINT NOT NULL COMMENT 'Owner',
    from_date DATE NOT NULL COMMENT 'First day whose windows are looked at (UTC)',
    fill_date DATE NULL COMMENT 'First day in risk_scope_day (UTC); NULL before it is filled',
    is_filled TINYINT(1) NOT NULL DEFAULT 0 COMMENT '1 once its days are in risk_scope_day',
    PRIMARY KEY (account_id),
    KEY idx_risk_scope_customer (customer_id, from_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account that rules look at: those of the last evaluation until the next one';
