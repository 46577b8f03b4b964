CREATE TABLE IF NOT EXISTS account_risk_day (
    account_id BIGINT NOT NULL COMMENT 'Account',
    risk_date DATE NOT NULL COMMENT 'Day of the payments (UTC)',
    attempt_count INT NOT NULL DEFAULT 0 COMMENT 'Payments of the account in any state',
    declined_count INT NOT NULL DEFAULT 0 COMMENT 'Of these failed or denied',
    in_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments that brought money from outside',
    in_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    out_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments that took money out',
    out_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    received_count INT NOT NULL DEFAULT 0
        COMMENT 'Completed payments that other accounts of this bank sent it',
    received_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    cash_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments in cash, in or out',
    cash_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    maximum_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Largest completed payment of the account, base currency',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments of the account',
    completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    completed_amount_squares DECIMAL(40,8) NOT NULL DEFAULT 0
        COMMENT 'Sum of squares of their amounts, for deviations',
    PRIMARY KEY (account_id, risk_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account and day with payments: what rules need of it';
