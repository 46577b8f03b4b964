CREATE TABLE IF NOT EXISTS transfer_day (
    payer_account_id BIGINT NOT NULL COMMENT 'Account that paid',
    payee_account_id BIGINT NOT NULL COMMENT 'Account that was paid',
    transfer_date DATE NOT NULL COMMENT 'Day (UTC)',
    transfer_count INT NOT NULL COMMENT 'Completed payments from one to the other',
    transfer_amount DECIMAL(21,4) NOT NULL COMMENT 'Their amount, base currency',
    maximum_amount DECIMAL(19,4) NOT NULL COMMENT 'Largest of them, base currency',
    first_at DATETIME NOT NULL COMMENT 'First of them (UTC)',
    last_at DATETIME NOT NULL COMMENT 'Last of them (UTC)',
    PRIMARY KEY (payer_account_id, transfer_date, payee_account_id),
    KEY idx_transfer_day_pair (
        payer_account_id, payee_account_id, transfer_date, transfer_count),
    KEY idx_transfer_day_payee (
        payee_account_id, transfer_date, payer_account_id, transfer_amount, first_at, last_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per pair of accounts and day: the edges of the graph of transfers';
