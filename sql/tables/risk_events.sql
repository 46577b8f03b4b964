CREATE TABLE IF NOT EXISTS risk_events (
    event_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Event',
    customer_id BIGINT NOT NULL COMMENT 'Customer',
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule',
    rule_version INT NOT NULL COMMENT 'Version',
    hit_id BIGINT NOT NULL COMMENT 'Hit',
    points DECIMAL(5,2) NOT NULL COMMENT 'Points on the day of the event',
    window_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Subject and begin of the window: a replay has the same, whatever the version',
    half_life_days INT NOT NULL COMMENT 'Days after which the points count half',
    occurred_at DATETIME NOT NULL COMMENT 'End of the window (UTC)',
    expires_at DATETIME NOT NULL COMMENT 'From when on the points count nothing (UTC)',
    evidence VARCHAR(400) NOT NULL COMMENT 'What was seen',
    recorded_at DATETIME NOT NULL COMMENT 'When it was written (UTC)',
    PRIMARY KEY (event_id),
    UNIQUE KEY uq_risk_events_window (rule_id, window_key),
    KEY idx_risk_events_customer (customer_id, occurred_at),
    CONSTRAINT fk_risk_events_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT fk_risk_events_hit FOREIGN KEY (hit_id) REFERENCES risk_hits (hit_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only ledger of points: one row per hit that counts towards the score of a customer';
