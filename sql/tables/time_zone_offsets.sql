CREATE TABLE IF NOT EXISTS time_zone_offsets (
    time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'IANA name of the zone',
    valid_from DATETIME NOT NULL COMMENT 'First instant (UTC) at which the offset holds',
    offset_seconds INT NOT NULL COMMENT 'Local time minus UTC, seconds',
    PRIMARY KEY (time_zone, valid_from)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per time zone and change of its offset from UTC; independent of the server time zone tables';
