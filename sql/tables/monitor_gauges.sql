CREATE TABLE IF NOT EXISTS monitor_gauges (
    gauge_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Gauge',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'What it is of: a state, a rail, a table',
    sample_minute DATETIME NOT NULL COMMENT 'Minute of the sample (UTC)',
    gauge_value DOUBLE NOT NULL COMMENT 'Value at that time',
    PRIMARY KEY (gauge_name, sample_minute, member),
    KEY idx_monitor_gauges_minute (sample_minute)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per gauge, member and minute: samples of states that no history can give back';
