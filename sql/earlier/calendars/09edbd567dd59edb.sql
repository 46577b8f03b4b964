CREATE TABLE IF NOT EXISTS calendars (
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Name of the calendar',
    description VARCHAR(160) NOT NULL COMMENT 'Whose business days it counts, and the source',
    saturday_is_business TINYINT(1) NOT NULL DEFAULT 0 COMMENT '1 when Saturday is a business day',
    sunday_is_business TINYINT(1) NOT NULL DEFAULT 0 COMMENT '1 when Sunday is a business day',
    PRIMARY KEY (calendar_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per business calendar';
