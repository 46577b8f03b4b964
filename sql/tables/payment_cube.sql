CREATE TABLE IF NOT EXISTS payment_cube (
    metric_date DATE NOT NULL COMMENT 'Day of the attempts (UTC)',
    status ENUM (
            'created', 'pending', 'authorized', 'completed', 'failed', 'denied', 'cancelled',
            'reversed', 'refunded', 'charged_back'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State, as in payment_states',
    transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Type of payment, as in transaction_types',
    merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Category of the merchant; (none) for payments without one',
    location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'City where the payment was made; (none) when unknown',
    channel VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Channel; (none) when unknown',
    product VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Product of the bank; (none) when unknown',
    acquirer VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Acquirer or payment service provider; (none) when none took part',
    card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Card scheme; (none) for payments without a card',
    payment_count INT NOT NULL COMMENT 'Payments',
    payment_amount DECIMAL(27,4) NOT NULL COMMENT 'Their amount, base currency',
    unconverted_count INT NOT NULL COMMENT 'Of these without an amount in the base currency',
    answered_count INT NOT NULL COMMENT 'Of these with an answer, hence a duration',
    duration_sum_ms BIGINT NOT NULL COMMENT 'Sum of duration_ms of the answered payments',
    PRIMARY KEY (
        metric_date, status, transaction_type, merchant_category, location, channel, product,
        acquirer, card_scheme)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per day and combination of dimensions that occurs: counts and amounts, so that dimensions can be crossed';
