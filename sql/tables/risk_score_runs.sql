CREATE TABLE IF NOT EXISTS risk_score_runs (
    score_run_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Run',
    as_of DATETIME NOT NULL COMMENT 'Instant that the scores are of (UTC)',
    event_count INT NULL COMMENT 'Events that were written; NULL when it failed',
    changed_count INT NULL COMMENT 'Customers whose score changed; NULL when it failed',
    error_number INT NULL COMMENT 'Error of the server; NULL when it did not fail',
    error_message VARCHAR(512) NULL COMMENT 'Its text; NULL when it did not fail',
    started_at DATETIME(3) NOT NULL COMMENT 'Begin (UTC)',
    ended_at DATETIME(3) NOT NULL COMMENT 'End (UTC)',
    cap_hits DECIMAL(9,4) NULL
        COMMENT 'Setting risk_rule_cap_hits of the run; NULL before rules were capped',
    PRIMARY KEY (score_run_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per run of apply_risk_scores; survives when the run is rolled back';
