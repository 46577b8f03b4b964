CREATE TABLE IF NOT EXISTS settlement_day (
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rail',
    due_date DATE NOT NULL COMMENT 'Day in which the settlements are due (UTC)',
    item_count INT NOT NULL DEFAULT 0 COMMENT 'Settlements due',
    settled_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, settled',
    on_time_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, settled no later than due',
    within_24h_count INT NOT NULL DEFAULT 0
        COMMENT 'Of these, settled within 24 hours of acceptance',
    failed_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, failed',
    pending_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, pending',
    item_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Amount due, base currency',
    settled_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Amount settled, base currency',
    on_time_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount settled no later than due, base currency',
    failed_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Amount failed, base currency',
    pending_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Amount pending, base currency',
    PRIMARY KEY (rail, due_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per rail and day of due_at: counts and amounts of settlements';
