CREATE TABLE IF NOT EXISTS rollup_state (
    state_id TINYINT NOT NULL COMMENT 'Always 1: the row that whoever changes rollups locks',
    window_end_date DATE NOT NULL COMMENT 'Last day inside account_window',
    detail_from_date DATE NOT NULL
        COMMENT 'First day (UTC) of which metric_minute and latency_hour hold every dimension, and latency_minute is kept; before it only dimension all',
    last_event_at DATETIME NULL COMMENT 'Latest transaction_time in the rollups (UTC)',
    last_ingested_at DATETIME NULL COMMENT 'Latest ingested_at in the rollups (UTC)',
    refreshed_at DATETIME(3) NULL COMMENT 'When rollups were last refreshed (UTC)',
    refreshed_changes BIGINT NOT NULL DEFAULT 0 COMMENT 'Changes applied since deployment',
    rebuilt_days BIGINT NOT NULL DEFAULT 0
        COMMENT 'Days rebuilt from the base tables since deployment',
    PRIMARY KEY (state_id),
    CONSTRAINT ck_rollup_state_single CHECK (state_id = 1)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row: how far the rollups are';
