CREATE TABLE IF NOT EXISTS settlement_windows (
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rail',
    accepted_from DATETIME NOT NULL
        COMMENT 'First instant (UTC) of acceptance in this window; it ends where the next begins',
    value_date DATE NOT NULL COMMENT 'Business day (local) on which the payment counts as accepted',
    due_at DATETIME NOT NULL
        COMMENT 'Instant (UTC) at which payments accepted in this window are due',
    PRIMARY KEY (rail, accepted_from),
    CONSTRAINT fk_settlement_windows_rail FOREIGN KEY (rail) REFERENCES rails (rail)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per rail with cut-offs and acceptance window; built from rails and calendars by build_settlement_windows';
