CREATE TABLE IF NOT EXISTS monitor_learned (
    metric_name VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Metric',
    definition_checksum CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'FNV-1a 64 of what the metric counts and how it is judged, hexadecimal: when it changes, the metric is learned anew',
    learned_until DATETIME NOT NULL COMMENT 'Last minute that was learned from (UTC)',
    is_complete TINYINT(1) NOT NULL
        COMMENT '1 when all of the past is learned and ticks judge the metric; a metric without members too',
    learned_at DATETIME(3) NOT NULL COMMENT 'When that was (UTC)',
    PRIMARY KEY (metric_name),
    CONSTRAINT fk_monitor_learned_metric FOREIGN KEY (metric_name)
        REFERENCES monitor_metrics (metric_name) ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per metric whose past a tick has learned from, or is learning from';
