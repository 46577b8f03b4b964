CREATE TABLE IF NOT EXISTS status_mappings (
    mapping_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Mapping, as named by an import',
    source_status VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Status as the source writes it',
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'State it maps onto',
    PRIMARY KEY (mapping_name, source_status),
    KEY idx_status_mappings_state (state),
    CONSTRAINT fk_status_mappings_state FOREIGN KEY (state) REFERENCES payment_states (state)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per mapping and status of a source system';
