CREATE TABLE IF NOT EXISTS settlement_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Order of capture; gaps mean nothing',
    change_sign TINYINT NOT NULL
        COMMENT '+1 for a version that appeared, -1 for a version that ended',
    captured_at DATETIME(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3))
        COMMENT 'When the change was captured (UTC)',
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rail',
    due_at DATETIME NOT NULL COMMENT 'When the settlement is due (UTC)',
    accepted_at DATETIME NOT NULL COMMENT 'When the payment was accepted (UTC)',
    settlement_date DATETIME NULL COMMENT 'When it was settled or failed (UTC)',
    settlement_status ENUM (
            'pending', 'settled', 'failed'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State of the version',
    base_amount DECIMAL(19,4) NULL COMMENT 'Amount in the base currency',
    PRIMARY KEY (change_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per version of a settlement that appeared or ended and is not yet in the rollups';
