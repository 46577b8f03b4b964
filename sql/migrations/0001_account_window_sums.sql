-- The sums of thirty days of all accounts of a customer, each of which may be as large as a rollup
-- of one day holds.
-- table: account_window
-- from: 5fbb234c38a51598
-- to: 79f04f6013e71d98
ALTER TABLE account_window
    MODIFY COLUMN total_amount DECIMAL(27,4) NOT NULL DEFAULT 0
        COMMENT 'Amount of all payments, base currency',
    MODIFY COLUMN completed_amount DECIMAL(27,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency',
    MODIFY COLUMN open_amount DECIMAL(27,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in states created, pending and authorized, base currency',
    MODIFY COLUMN completed_amount_squares DECIMAL(46,8) NOT NULL DEFAULT 0
        COMMENT 'Sum of squares of the completed amounts, for deviations';
