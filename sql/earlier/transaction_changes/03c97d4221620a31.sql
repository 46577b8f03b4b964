CREATE TABLE IF NOT EXISTS transaction_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Order of capture; gaps mean nothing',
    change_sign TINYINT NOT NULL
        COMMENT '+1 for a version that appeared, -1 for a version that ended',
    captured_at DATETIME(3) NOT NULL DEFAULT UTC_TIMESTAMP(3)
        COMMENT 'When the change was captured (UTC)',
    account_id BIGINT NOT NULL COMMENT 'Account of the version',
    transaction_time DATETIME NOT NULL COMMENT 'Time of the attempt (UTC)',
    status ENUM (
            'created', 'pending', 'authorized', 'completed', 'failed', 'denied', 'cancelled',
            'reversed', 'refunded', 'charged_back'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State of the version',
    base_amount DECIMAL(19,4) NULL
        COMMENT 'Amount in the base currency; NULL while no rate is known',
    duration_ms INT NULL COMMENT 'Time from request to answer, ms',
    latency_bin SMALLINT NULL COMMENT 'Histogram bin of duration_ms',
    is_final_attempt TINYINT NOT NULL COMMENT '0 when a later attempt replaced this one',
    transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Type of payment, as in transaction_types',
    merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Category of the merchant; NULL for none',
    location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'City where the payment was made; NULL when unknown',
    device_type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'mobile, web, pos, atm, branch ...; NULL when unknown',
    channel VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Channel: card_present, ecommerce, mobile_app, branch ...; NULL when unknown',
    product VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Product of the bank; NULL when unknown',
    acquirer VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Acquirer or payment service provider; NULL when none took part',
    card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Card scheme; NULL for payments without a card',
    response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Answer of the issuer or switch',
    ingested_at DATETIME NOT NULL COMMENT 'When the row arrived (UTC)',
    PRIMARY KEY (change_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per version of a payment that appeared or ended and is not yet in the rollups';
