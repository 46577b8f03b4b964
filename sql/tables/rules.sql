CREATE TABLE IF NOT EXISTS rules (
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule, such as A03; yours may have any name',
    rule_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the rule',
    view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'View that finds its hits',
    family VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'aml, card or yours',
    risk_level VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Low, Medium or High: how much a hit says',
    description VARCHAR(400) NOT NULL COMMENT 'What it finds',
    source VARCHAR(200) NOT NULL COMMENT 'Where the rule and its defaults come from',
    active_version INT NULL COMMENT 'Version that counts; NULL for a rule that is not active',
    is_enabled TINYINT(1) NOT NULL DEFAULT 1 COMMENT '0 to leave the rule out; yours to change',
    opens_case TINYINT(1) NOT NULL DEFAULT 0
        COMMENT '1 when one hit is enough to open a case; yours to change',
    PRIMARY KEY (rule_id),
    UNIQUE KEY uq_rules_view_name (view_name, rule_id),
    CONSTRAINT ck_rules_risk_level CHECK (risk_level IN ('Low', 'Medium', 'High'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per rule: a view with the columns of a rule, and the version of its parameters that counts';
