CREATE TABLE IF NOT EXISTS monitor_points (
    metric_name VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Metric',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of its dimension',
    metric_minute DATETIME NOT NULL COMMENT 'First minute of the step (UTC)',
    observed_value DOUBLE NULL COMMENT 'What was observed: a share, count or amount; NULL for nothing',
    event_count DOUBLE NULL COMMENT 'Events that the value is a share of; NULL for a count or amount',
    expected_value DOUBLE NULL COMMENT 'What the baseline lets expect; NULL without a baseline',
    lower_value DOUBLE NULL COMMENT 'Least value that is normal; NULL when there is no such bound',
    upper_value DOUBLE NULL COMMENT 'Greatest value that is normal; NULL when there is no such bound',
    score DOUBLE NULL COMMENT 'Departure in standard units of the detector; NULL without a baseline',
    chance DOUBLE NULL COMMENT 'Probability of such a departure by chance; NULL when it has no model',
    corrected_chance DOUBLE NULL
        COMMENT 'chance, corrected for the members judged with it (Benjamini and Hochberg)',
    sample_size INT NOT NULL COMMENT 'Points that the baseline rests on',
    verdict ENUM ('normal', 'anomalous', 'no_verdict')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What the detector says',
    reason VARCHAR(120) NULL COMMENT 'Why there is no verdict; NULL when there is one',
    PRIMARY KEY (metric_name, member, metric_minute),
    KEY idx_monitor_points_minute (metric_minute)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per series and step: what was observed, and how it was judged';
