CREATE TABLE IF NOT EXISTS change_quarantine (
    quarantine_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Change that was set aside',
    change_log ENUM (
            'transaction_changes', 'settlement_changes', 'login_changes'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Log that the change was taken from',
    change_sign TINYINT NOT NULL
        COMMENT '+1 for a version that appeared, -1 for a version that ended',
    quarantine_state ENUM ('waiting', 'discarded') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'waiting'
        COMMENT 'waiting for somebody to look, or discarded: known and left out of the rollups',
    reason ENUM (
            'impossible_date', 'amount_above_bound', 'refused'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Why the rollups cannot hold it; refused: error_number says why',
    error_number INT NULL COMMENT 'Error of the server; NULL when the row itself says what is wrong',
    error_message VARCHAR(512) NULL COMMENT 'Text of that error',
    content_digest BINARY(32) NOT NULL
        COMMENT 'SHA-256 of what the rollups depend on: a change and its undoing have the same',
    captured_at DATETIME(3) NOT NULL COMMENT 'When the change was captured (UTC)',
    account_id BIGINT NULL COMMENT 'Account; NULL unless it is of a payment, as all up to rail',
    transaction_time DATETIME NULL COMMENT 'Time of the attempt (UTC)',
    status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'State of the payment',
    base_amount DECIMAL(19,4) NULL
        COMMENT 'Amount in the base currency, of a payment or a settlement; NULL while no rate is known',
    duration_ms INT NULL COMMENT 'Time from request to answer, ms',
    is_final_attempt TINYINT NULL COMMENT '0 when a later attempt replaced this one',
    transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Type of payment',
    merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Category of the merchant',
    location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'City where the payment was made',
    device_type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Device',
    channel VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Channel',
    product VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'Product of the bank',
    acquirer VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Acquirer or payment service provider',
    card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Card scheme',
    response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Answer of the issuer or switch',
    ingested_at DATETIME NULL COMMENT 'When the row arrived (UTC)',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Rail; NULL unless it is of a settlement, as all up to settlement_status',
    due_at DATETIME NULL COMMENT 'When the settlement is due (UTC)',
    accepted_at DATETIME NULL COMMENT 'When the payment was accepted (UTC)',
    settlement_date DATETIME NULL COMMENT 'When it was settled or failed (UTC)',
    settlement_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'State of the settlement',
    login_time DATETIME NULL COMMENT 'When the login was attempted (UTC); NULL unless it is of a login',
    login_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Outcome of the login',
    discarded_by VARCHAR(128) NULL COMMENT 'Account that discarded it; NULL while it waits',
    discarded_at DATETIME NULL COMMENT 'When it was discarded (UTC); NULL while it waits',
    quarantined_at DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()) COMMENT 'When it was set aside (UTC)',
    PRIMARY KEY (quarantine_id),
    KEY idx_change_quarantine_payment (account_id, transaction_time),
    KEY idx_change_quarantine_settlement (rail, due_at),
    KEY idx_change_quarantine_login (login_time),
    KEY idx_change_quarantine_digest (content_digest)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per captured change that the rollups could not hold and that was set aside';
