CREATE TABLE IF NOT EXISTS risk_rule_runs (
    run_id BIGINT NOT NULL COMMENT 'Run',
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule',
    rule_version INT NOT NULL COMMENT 'Version that counted',
    hit_count INT NULL COMMENT 'Hits; NULL when it failed',
    new_hit_count INT NULL COMMENT 'Of these found for the first time; NULL when it failed',
    duration_ms INT NOT NULL COMMENT 'How long it took, ms',
    error_number INT NULL COMMENT 'Error of the server; NULL when it did not fail',
    error_message VARCHAR(512) NULL COMMENT 'Its text; NULL when it did not fail',
    PRIMARY KEY (run_id, rule_id),
    KEY idx_risk_rule_runs_rule (rule_id, run_id),
    CONSTRAINT fk_risk_rule_runs_run FOREIGN KEY (run_id) REFERENCES risk_runs (run_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per rule in a run of evaluate_rules: what it found, cost, or why it failed';
