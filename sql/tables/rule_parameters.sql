CREATE TABLE IF NOT EXISTS rule_parameters (
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule',
    rule_version INT NOT NULL COMMENT 'Version',
    parameter_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Parameter, such as minimum_amount',
    parameter_value DECIMAL(20,4) NOT NULL COMMENT 'Value in its unit',
    unit VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Unit: base currency, payments, seconds, days, ...',
    PRIMARY KEY (rule_id, rule_version, parameter_name),
    CONSTRAINT fk_rule_parameters_version FOREIGN KEY (rule_id, rule_version)
        REFERENCES rule_versions (rule_id, rule_version)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per parameter of a version of a rule';
