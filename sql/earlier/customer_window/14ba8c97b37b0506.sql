CREATE TABLE IF NOT EXISTS customer_window (
    customer_id BIGINT NOT NULL COMMENT 'Customer',
    total_count INT NOT NULL DEFAULT 0 COMMENT 'Payments',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state completed',
    completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency',
    PRIMARY KEY (customer_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per customer: sums of account_window over the accounts of the customer';
