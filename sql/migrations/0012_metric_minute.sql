-- table: metric_minute
-- from: d4a9f9e63131185d
-- to: 0839bea455a69858
ALTER TABLE metric_minute
    MODIFY COLUMN total_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount of all payments, base currency',
    MODIFY COLUMN pending_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in states created and pending, base currency',
    MODIFY COLUMN authorized_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state authorized, base currency',
    MODIFY COLUMN completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency',
    MODIFY COLUMN failed_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state failed, base currency',
    MODIFY COLUMN denied_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state denied, base currency',
    MODIFY COLUMN reversed_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state reversed, base currency',
    MODIFY COLUMN refunded_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state refunded, base currency',
    MODIFY COLUMN charged_back_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state charged_back, base currency';
