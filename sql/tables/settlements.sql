CREATE TABLE IF NOT EXISTS settlements (
    settlement_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Settlement',
    transaction_id BIGINT NOT NULL COMMENT 'Payment that is settled',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Rail on which it settles',
    settlement_status ENUM (
            'pending', 'settled', 'failed'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'pending'
        COMMENT 'State of the settlement',
    settlement_amount DECIMAL(19,4) NOT NULL COMMENT 'Amount to settle, in currency',
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 code of the amount',
    base_amount DECIMAL(19,4) NULL
        COMMENT 'Amount in the base currency at the dated rate; filled in when NULL',
    accepted_at DATETIME NOT NULL COMMENT 'When the payment was accepted for settlement (UTC)',
    due_at DATETIME NULL
       
            COMMENT 'When it is due (UTC); filled in from cut-off, calendar and lag of the rail when NULL',
    settlement_date DATETIME NULL COMMENT 'When it was settled or failed (UTC); NULL while pending',
    PRIMARY KEY (settlement_id),
    KEY idx_settlements_transaction (transaction_id),
    KEY idx_settlements_rail_due (rail, due_at),
    KEY idx_settlements_status_due (settlement_status, due_at),
    CONSTRAINT fk_settlements_transaction FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id),
    CONSTRAINT fk_settlements_rail FOREIGN KEY (rail) REFERENCES rails (rail),
    CONSTRAINT ck_settlements_amount CHECK (settlement_amount >= 0),
    CONSTRAINT ck_settlements_date
        CHECK (settlement_status = 'pending' OR settlement_date IS NOT NULL)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per settlement instruction of a payment; the delay is derived, never stored';
