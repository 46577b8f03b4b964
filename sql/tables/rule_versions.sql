CREATE TABLE IF NOT EXISTS rule_versions (
    rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rule',
    rule_version INT NOT NULL COMMENT 'Version, from 1',
    version_state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'draft, active or retired',
    points DECIMAL(5,2) NOT NULL COMMENT 'Points of a hit, 0 to 100',
    half_life_days INT NOT NULL COMMENT 'Days after which the points count half',
    expiry_days INT NOT NULL COMMENT 'Days after which the points count nothing',
    proposed_by VARCHAR(160) NOT NULL COMMENT 'Who made the version',
    proposed_at DATETIME NOT NULL COMMENT 'When (UTC)',
    approved_by VARCHAR(160) NULL COMMENT 'Who made it active; NULL before',
    approved_at DATETIME NULL COMMENT 'When (UTC); NULL before',
    PRIMARY KEY (rule_id, rule_version),
    CONSTRAINT fk_rule_versions_rule FOREIGN KEY (rule_id) REFERENCES rules (rule_id),
    CONSTRAINT ck_rule_versions_state CHECK (version_state IN ('draft', 'active', 'retired')),
    CONSTRAINT ck_rule_versions_points CHECK (points BETWEEN 0 AND 100),
    CONSTRAINT ck_rule_versions_days CHECK (half_life_days > 0 AND expiry_days > 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per version of a rule: its points, who proposed it and who approved it';
