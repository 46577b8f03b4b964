CREATE TABLE IF NOT EXISTS simulation_runs (
    simulation_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Run of the generator',
    parameter_checksum CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'FNV-1a 64 of all parameters that shape the data, hexadecimal',
    generator_version VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Version of the generator; the same version and parameters give the same bytes',
    parameters VARCHAR(1000) NOT NULL COMMENT 'Parameters as JSON',
    state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'running or completed',
    first_transaction_id BIGINT NOT NULL COMMENT 'First transaction_id of the run',
    payment_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Payments committed so far',
    settlement_count BIGINT NOT NULL DEFAULT 0 COMMENT 'Settlements committed so far',
    started_at DATETIME NOT NULL COMMENT 'When the run began (UTC)',
    finished_at DATETIME NULL
        COMMENT 'When it ended (UTC); NULL while it runs or after an interruption',
    PRIMARY KEY (simulation_id),
    UNIQUE KEY uq_simulation_runs_parameters (parameter_checksum, generator_version),
    CONSTRAINT ck_simulation_runs_state CHECK (state IN ('running', 'completed'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per run of the data generator';
