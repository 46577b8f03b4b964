CREATE TABLE IF NOT EXISTS risk_scope_day (
    account_id BIGINT NOT NULL COMMENT 'Account',
    risk_date DATE NOT NULL COMMENT 'Day (UTC)',
    customer_id BIGINT NOT NULL COMMENT 'Owner',
    is_new TINYINT(1) NOT NULL
        COMMENT '1 for a day whose windows are looked at, 0 for one in which they may begin',
    attempt_count INT NOT NULL DEFAULT 0 COMMENT 'Payments of the account in any state',
    declined_count INT NOT NULL DEFAULT 0 COMMENT 'Of these failed or denied',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments',
    completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    completed_amount_squares DECIMAL(40,8) NOT NULL DEFAULT 0
        COMMENT 'Sum of squares of their amounts, for deviations',
    maximum_amount DECIMAL(19,4) NOT NULL DEFAULT 0 COMMENT 'Largest of them, base currency',
    out_count INT NOT NULL DEFAULT 0 COMMENT 'Completed payments that took money out',
    out_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    in_count INT AS (completed_count - out_count) VIRTUAL
        COMMENT 'Completed payments that brought money from outside',
    in_amount DECIMAL(21,4) AS (completed_amount - out_amount) VIRTUAL
        COMMENT 'Their amount, base currency',
    cash_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount of completed payments in cash, in or out, base currency',
    transfer_count INT NOT NULL DEFAULT 0
        COMMENT 'Payments to other accounts of this bank, in any state',
    risky_country_count INT NOT NULL DEFAULT 0
        COMMENT 'Payments with a country that is or was in country_risks, in any state',
    received_count INT NOT NULL DEFAULT 0
        COMMENT 'Completed payments that other accounts of this bank sent it',
    received_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    PRIMARY KEY (account_id, risk_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account and day with payments in the scope of the rules: what they need of it';
