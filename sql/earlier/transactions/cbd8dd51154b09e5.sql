CREATE TABLE IF NOT EXISTS transactions (
    transaction_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Payment attempt',
    account_id BIGINT NOT NULL COMMENT 'Account of our customer',
    transaction_time DATETIME NOT NULL COMMENT 'When the payment was attempted (UTC)',
    transaction_amount DECIMAL(19,4) NOT NULL COMMENT 'Amount in currency, never negative',
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 code of the amount',
    base_amount DECIMAL(19,4) NULL
        COMMENT 'Amount in the base currency at the dated rate; filled in when NULL; stays NULL while no rate is known',
    transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Type of payment, as in transaction_types',
    merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Category of the merchant; NULL for payments without one',
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
    status ENUM (
            'created', 'pending', 'authorized', 'completed', 'failed', 'denied', 'cancelled',
            'reversed', 'refunded', 'charged_back'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State, as in payment_states',
    response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Answer of the issuer or switch, as in response_codes; NULL before an answer',
    counterparty_account_id BIGINT NULL
        COMMENT 'Account of the other party when it is one of ours; NULL otherwise',
    counterparty_iban VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'IBAN of the other party (personal data); NULL when unknown',
    counterparty_handle VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'UPI address of the other party (personal data); NULL when none',
    title VARCHAR(140) NULL COMMENT 'Remittance text (personal data); NULL when empty',
    balance_after DECIMAL(19,4) NULL
        COMMENT 'Balance of the account after the payment; NULL when the source gives none',
    requested_at DATETIME(3) NULL
        COMMENT 'When the request left for the network (UTC); NULL when the source gives none',
    responded_at DATETIME(3) NULL
        COMMENT 'When the answer came, or the time-out (UTC); NULL while there is none',
    duration_ms INT AS (TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000) VIRTUAL
        COMMENT 'Time from request to answer, ms; NULL while there is no answer',
    latency_bin SMALLINT AS (CASE WHEN duration_ms < 1 THEN 0 ELSE CEIL(LN(duration_ms) / LN(1.05 / 0.95)) END) VIRTUAL COMMENT 'Logarithmic histogram bin of duration_ms, relative error 5 percent; NULL while there is no answer',
    order_reference VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Order that the attempt belongs to; NULL when it is the only attempt',
    is_final_attempt TINYINT(1) NOT NULL DEFAULT 1
        COMMENT '0 when a later attempt of the same order replaced this one',
    idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Key under which the client sent the request; NULL when it gave none',
    source_status VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Status as the source wrote it; NULL when it is the state itself',
    status_changed_at DATETIME NULL
        COMMENT 'When the payment entered its state (UTC); set by a trigger',
    ingested_at DATETIME NOT NULL DEFAULT UTC_TIMESTAMP()
        COMMENT 'When the row arrived in this database (UTC)',
    PRIMARY KEY (transaction_id),
    KEY idx_transactions_account_time (account_id, transaction_time),
    KEY idx_transactions_time (transaction_time),
    KEY idx_transactions_status_time (status, transaction_time),
    CONSTRAINT fk_transactions_account FOREIGN KEY (account_id) REFERENCES accounts (account_id),
    CONSTRAINT ck_transactions_amount CHECK (transaction_amount >= 0),
    CONSTRAINT ck_transactions_times
        CHECK (responded_at IS NULL OR requested_at IS NULL OR responded_at >= requested_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per payment attempt';
