CREATE TABLE IF NOT EXISTS alert_slices (
    alert_id BIGINT NOT NULL COMMENT 'Alert of a metric',
    slice_number TINYINT NOT NULL COMMENT '1 for the one that stands out most',
    dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Dimension',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of the dimension',
    observed_count DOUBLE NOT NULL COMMENT 'What the metric counted of it',
    event_count DOUBLE NOT NULL COMMENT 'Payments that it is a share of, or all for a count',
    expected_count DOUBLE NOT NULL COMMENT 'What was to be expected',
    explained_share DOUBLE NOT NULL
        COMMENT 'Its part of the departure of the alert; parts of a dimension add up to 1',
    event_share DOUBLE NULL COMMENT 'Its part of the payments; NULL when there were none',
    PRIMARY KEY (alert_id, slice_number),
    CONSTRAINT fk_alert_slices_alert FOREIGN KEY (alert_id)
        REFERENCES alerts (alert_id) ON DELETE CASCADE
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per member of a dimension that contributes to an alert: where it happens';
