-- table: transactions
-- from: cbd8dd51154b09e5
-- from: 311336ae0a5a89a2
-- to: c8d869f33d7dd1c1
-- One statement: the table is copied once, and writers wait once.
ALTER TABLE transactions
    ADD COLUMN IF NOT EXISTS transaction_date DATE AS (DATE(transaction_time)) STORED
        COMMENT 'Day of transaction_time (UTC), by which an index keeps those of an account together'
        AFTER transaction_time,
    ADD COLUMN IF NOT EXISTS counterparty_country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (LEFT(counterparty_iban, 2)) STORED
        COMMENT 'Country of that IBAN, ISO 3166 alpha-2; NULL when unknown'
        AFTER counterparty_iban,
    ADD KEY IF NOT EXISTS idx_transactions_account_date (
        account_id, transaction_date, transaction_time, status, transaction_type, base_amount,
        counterparty_account_id, counterparty_country),
    DROP KEY IF EXISTS idx_transactions_status_time,
    ADD KEY idx_transactions_status_time (
        status, transaction_time, account_id, base_amount, status_changed_at),
    DROP KEY IF EXISTS idx_transactions_account_time;
