CREATE TABLE IF NOT EXISTS monitor_tracks (
    metric_name VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Metric',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of its dimension',
    track_state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'JSON: what the detector has learned and what goes on in the series',
    last_minute DATETIME NOT NULL COMMENT 'Last minute that it has seen (UTC)',
    PRIMARY KEY (metric_name, member),
    CONSTRAINT fk_monitor_tracks_metric FOREIGN KEY (metric_name)
        REFERENCES monitor_metrics (metric_name) ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per series that is watched: where its detector is';
