CREATE TABLE IF NOT EXISTS risk_hits (
    hit_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Hit',
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule',
    rule_version INT NOT NULL COMMENT 'Version',
    subject VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What was hit: customer:N, account:N or payment:N',
    window_from DATETIME NOT NULL COMMENT 'Begin of the window (UTC)',
    window_to DATETIME NOT NULL COMMENT 'End of the window (UTC)',
    customer_id BIGINT NOT NULL COMMENT 'Customer',
    account_id BIGINT NULL COMMENT 'Account; NULL for a hit of the customer',
    transaction_id BIGINT NULL COMMENT 'Payment; NULL for a hit of several',
    measured_value DECIMAL(24,4) NOT NULL COMMENT 'What was measured',
    threshold_value DECIMAL(24,4) NOT NULL COMMENT 'What it was compared with',
    points DECIMAL(5,2) NOT NULL COMMENT 'Points',
    evidence VARCHAR(400) NOT NULL COMMENT 'What was seen, in words without personal data',
    first_found_at DATETIME NOT NULL COMMENT 'as_of of the run that found it first (UTC)',
    last_found_at DATETIME NOT NULL COMMENT 'as_of of the run that found it last (UTC)',
    PRIMARY KEY (hit_id),
    UNIQUE KEY uq_risk_hits_window (rule_id, rule_version, subject, window_from),
    KEY idx_risk_hits_customer (customer_id, window_to),
    KEY idx_risk_hits_found (first_found_at),
    CONSTRAINT fk_risk_hits_version FOREIGN KEY (rule_id, rule_version)
        REFERENCES rule_versions (rule_id, rule_version),
    CONSTRAINT fk_risk_hits_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per hit: a rule, its subject and a window, however often it is found';
