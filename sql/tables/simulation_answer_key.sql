CREATE TABLE IF NOT EXISTS simulation_answer_key (
    simulation_id BIGINT NOT NULL COMMENT 'Run',
    answer_number INT NOT NULL COMMENT 'Number of the planted event in the run',
    kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'incident or typology',
    label VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'acquirer_outage, latency_creep, ... or structuring, fan_in, cycle, ...',
    starts_at DATETIME NOT NULL COMMENT 'First instant of the event (UTC)',
    ends_at DATETIME NOT NULL COMMENT 'Last instant of the event (UTC)',
    dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Dimension that an incident hits; NULL for a typology',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Member that it hits; NULL for a typology or for all',
    account_id BIGINT NULL COMMENT 'Main account of a typology; NULL for an incident',
    magnitude DECIMAL(12,4) NULL
        COMMENT 'Strength: added failure rate, latency factor or share of volume lost, by label',
    PRIMARY KEY (simulation_id, answer_number),
    CONSTRAINT fk_simulation_answer_key_run FOREIGN KEY (simulation_id)
        REFERENCES simulation_runs (simulation_id),
    CONSTRAINT ck_simulation_answer_key_kind CHECK (kind IN ('incident', 'typology'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per planted event; the truth against which detectors are judged, read by none of them';
