CREATE TABLE IF NOT EXISTS rails (
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Code of the settlement rail',
    rail_name VARCHAR(64) NOT NULL COMMENT 'Name of the rail',
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Calendar of its business days',
    time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'IANA zone of the cut-off',
    cut_off_time TIME NOT NULL
        COMMENT 'Local time up to which a payment is accepted for the same value date',
    settlement_lag_days TINYINT UNSIGNED NOT NULL
        COMMENT 'n of T+n: business days from the value date of acceptance to settlement',
    due_time TIME NOT NULL COMMENT 'Local time on the settlement day at which the payment is due',
    instant_seconds INT UNSIGNED NULL
        COMMENT 'Seconds from acceptance to due for an instant rail; NULL for a rail with cut-offs',
    PRIMARY KEY (rail),
    CONSTRAINT fk_rails_calendar FOREIGN KEY (calendar_name) REFERENCES calendars (calendar_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per settlement rail: cut-off, T+n lag, calendar';
