CREATE TABLE IF NOT EXISTS risk_cases (
    case_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Case',
    customer_id BIGINT NOT NULL COMMENT 'Customer',
    case_state ENUM ('open', 'assigned', 'closed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'open' COMMENT 'State',
    assignee VARCHAR(160) NULL COMMENT 'Who works on it; NULL while nobody does',
    opened_at DATETIME NOT NULL COMMENT 'When it was opened (UTC)',
    due_at DATETIME NOT NULL COMMENT 'Until when it must be decided (UTC)',
    disposition ENUM (
            'confirmed', 'false_positive', 'escalated', 'reported'
        ) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'What it turned out to be; NULL before that; escalated leaves it open',
    closed_at DATETIME NULL COMMENT 'When it was closed (UTC); NULL while it is not',
    -- A customer has one open case at most.
    open_customer_id BIGINT AS (IF(case_state = 'closed', NULL, customer_id)) STORED
        COMMENT 'customer_id while it is open, else NULL',
    PRIMARY KEY (case_id),
    UNIQUE KEY uq_risk_cases_open (open_customer_id),
    KEY idx_risk_cases_customer (customer_id, opened_at),
    KEY idx_risk_cases_due (case_state, due_at),
    CONSTRAINT fk_risk_cases_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT ck_risk_cases_closed CHECK ((case_state = 'closed') = (closed_at IS NOT NULL))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per case: hits of a customer that somebody must look at together';
