CREATE TABLE IF NOT EXISTS risk_case_hits (
    hit_id BIGINT NOT NULL COMMENT 'Hit; it belongs to one case',
    case_id BIGINT NOT NULL COMMENT 'Case',
    added_at DATETIME NOT NULL COMMENT 'When it was added (UTC)',
    PRIMARY KEY (hit_id),
    KEY idx_risk_case_hits_case (case_id, hit_id),
    CONSTRAINT fk_risk_case_hits_hit FOREIGN KEY (hit_id) REFERENCES risk_hits (hit_id),
    CONSTRAINT fk_risk_case_hits_case FOREIGN KEY (case_id) REFERENCES risk_cases (case_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per hit of a case';
