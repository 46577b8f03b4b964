CREATE TABLE IF NOT EXISTS watchdog_ticks (
    watchdog_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Watchdog: event (of the database)',
    ticked_at DATETIME(3) NOT NULL COMMENT 'Last sign (UTC)',
    PRIMARY KEY (watchdog_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per watchdog: when it last looked';
