CREATE TABLE IF NOT EXISTS sla_policies (
    policy_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Name of the policy',
    subject VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'settlement, latency, backlog or freshness',
    scope_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Dimension whose member it holds for: all, transaction_type, channel, rail',
    scope_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of the dimension',
    threshold_value DECIMAL(19,4) NOT NULL COMMENT 'Limit that separates good from bad, in unit',
    unit VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Unit of the threshold: ms, seconds or pct',
    target_pct DECIMAL(7,4) NULL
        COMMENT 'Share of items that must be within the limit, percent; NULL when there is none',
    PRIMARY KEY (policy_name),
    UNIQUE KEY uq_sla_policies_scope (subject, scope_dimension, scope_member),
    CONSTRAINT ck_sla_policies_subject
        CHECK (subject IN ('settlement', 'latency', 'backlog', 'freshness'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per service level: what is promised for which part of the payments';
