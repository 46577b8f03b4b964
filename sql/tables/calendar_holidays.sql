CREATE TABLE IF NOT EXISTS calendar_holidays (
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Calendar in which the day is a holiday',
    holiday_date DATE NOT NULL
        COMMENT 'The holiday, in the local time of the rails that use the calendar',
    holiday_name VARCHAR(64) NOT NULL COMMENT 'Name of the holiday',
    PRIMARY KEY (calendar_name, holiday_date),
    CONSTRAINT fk_calendar_holidays_calendar FOREIGN KEY (calendar_name)
        REFERENCES calendars (calendar_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per calendar and holiday';
