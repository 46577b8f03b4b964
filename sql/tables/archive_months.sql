CREATE TABLE IF NOT EXISTS archive_months (
    month_start DATE NOT NULL COMMENT 'First day of the month of transaction_time (UTC)',
    archive_state ENUM (
            'waiting', 'moving', 'archived', 'dropped'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'waiting: not closed yet; moving: partly in the archive; dropped: no longer kept',
    waiting_reason VARCHAR(160) NULL COMMENT 'What keeps the month open; NULL when nothing does',
    payment_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Payments that went into the archive',
    settlement_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Settlements that went with them',
    base_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount of these payments in the base currency, those without a rate as 0',
    checked_at DATETIME NOT NULL COMMENT 'When archive_payments last looked at the month (UTC)',
    archived_at DATETIME NULL COMMENT 'When its last payment went into the archive (UTC)',
    dropped_at DATETIME NULL COMMENT 'When the archive of the month was dropped (UTC)',
    PRIMARY KEY (month_start)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per month that is old enough for the archive';
