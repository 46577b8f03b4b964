CREATE TABLE IF NOT EXISTS monitor_state (
    state_id TINYINT NOT NULL COMMENT 'Always 1: the row that a tick locks',
    last_minute DATETIME NOT NULL COMMENT 'Last minute that was judged (UTC)',
    ticked_at DATETIME(3) NOT NULL COMMENT 'When that was (UTC)',
    PRIMARY KEY (state_id),
    CONSTRAINT ck_monitor_state_single CHECK (state_id = 1)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row: how far the monitor is; none before its first tick';
