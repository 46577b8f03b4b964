-- The sums of thirty days of all accounts of a customer, each of which may be as large as a rollup
-- of one day holds.
-- table: customer_window
-- from: 14ba8c97b37b0506
-- to: c415042f996d9368
ALTER TABLE customer_window
    MODIFY COLUMN completed_amount DECIMAL(27,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency';
