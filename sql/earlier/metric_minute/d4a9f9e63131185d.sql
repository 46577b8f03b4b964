CREATE TABLE IF NOT EXISTS metric_minute (
    dimension ENUM (
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Dimension by which payments are counted; all for no split',
    metric_minute DATETIME NOT NULL COMMENT 'Minute of the attempt (UTC), seconds zero',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of the dimension; (none) where the payment has none',
    total_count INT NOT NULL DEFAULT 0 COMMENT 'Payments',
    created_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state created',
    pending_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state pending',
    authorized_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state authorized',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state completed',
    failed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state failed (technical decline)',
    denied_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state denied (business decline)',
    cancelled_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state cancelled',
    reversed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state reversed',
    refunded_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state refunded',
    charged_back_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state charged_back',
    final_attempt_count INT NOT NULL DEFAULT 0 COMMENT 'Orders: final attempts',
    final_captured_count INT NOT NULL DEFAULT 0
        COMMENT 'Orders whose final attempt was approved and captured',
    unconverted_count INT NOT NULL DEFAULT 0
        COMMENT 'Payments without an amount in the base currency',
    answered_count INT NOT NULL DEFAULT 0 COMMENT 'Payments with an answer, hence a duration',
    duration_sum_ms BIGINT NOT NULL DEFAULT 0 COMMENT 'Sum of duration_ms of the answered payments',
    total_amount DECIMAL(19,4) NOT NULL DEFAULT 0 COMMENT 'Amount of all payments, base currency',
    pending_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in states created and pending, base currency',
    authorized_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state authorized, base currency',
    completed_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state completed, base currency',
    failed_amount DECIMAL(19,4) NOT NULL DEFAULT 0 COMMENT 'Amount in state failed, base currency',
    denied_amount DECIMAL(19,4) NOT NULL DEFAULT 0 COMMENT 'Amount in state denied, base currency',
    reversed_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state reversed, base currency',
    refunded_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state refunded, base currency',
    charged_back_amount DECIMAL(19,4) NOT NULL DEFAULT 0
        COMMENT 'Amount in state charged_back, base currency',
    PRIMARY KEY (dimension, metric_minute, member)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per dimension, minute and member: counts and amounts of payments by current state';
