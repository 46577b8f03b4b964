CREATE TABLE IF NOT EXISTS risk_overrides (
    override_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Override; the highest one of a customer counts',
    customer_id BIGINT NOT NULL COMMENT 'Customer',
    override_score DECIMAL(5,2) NOT NULL COMMENT 'Score, 0 to 100',
    reason VARCHAR(160) NOT NULL COMMENT 'Why, in words',
    set_by VARCHAR(160) NOT NULL COMMENT 'Who set it',
    set_at DATETIME NOT NULL COMMENT 'When (UTC)',
    expires_at DATETIME NOT NULL COMMENT 'Until when it counts (UTC)',
    PRIMARY KEY (override_id),
    KEY idx_risk_overrides_customer (customer_id, expires_at),
    CONSTRAINT fk_risk_overrides_customer FOREIGN KEY (customer_id)
        REFERENCES customers (customer_id),
    CONSTRAINT ck_risk_overrides_score CHECK (override_score BETWEEN 0 AND 100)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per score that somebody has set by hand';
