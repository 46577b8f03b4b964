CREATE TABLE IF NOT EXISTS account_window (
    account_id BIGINT NOT NULL COMMENT 'Account',
    total_count INT NOT NULL DEFAULT 0 COMMENT 'Payments',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state completed',
    failed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state failed',
    denied_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state denied',
    open_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in states created, pending and authorized',
    total_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Amount of all payments, base currency',
    completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency',
    open_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in states created, pending and authorized, base currency',
    completed_amount_squares DECIMAL(40,8) NOT NULL DEFAULT 0
        COMMENT 'Sum of squares of the completed amounts, for deviations',
    PRIMARY KEY (account_id),
    KEY idx_account_window_open_count (open_count)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account: sums of account_day over the last 30 days up to rollup_state.window_end_date';
