CREATE TABLE IF NOT EXISTS risk_runs (
    run_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Run',
    as_of DATETIME NOT NULL COMMENT 'Instant that the rules called now (UTC)',
    account_count INT NOT NULL DEFAULT 0 COMMENT 'Accounts that were looked at',
    hit_count INT NOT NULL DEFAULT 0 COMMENT 'Hits that were found',
    new_hit_count INT NOT NULL DEFAULT 0 COMMENT 'Of these found for the first time',
    failed_rule_count INT NOT NULL DEFAULT 0 COMMENT 'Rules that failed',
    started_at DATETIME(3) NOT NULL COMMENT 'Begin (UTC)',
    ended_at DATETIME(3) NULL COMMENT 'End (UTC); NULL while it runs, or when it was cut off',
    PRIMARY KEY (run_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per run of evaluate_rules';
