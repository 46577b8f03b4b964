CREATE TABLE IF NOT EXISTS calendar_days (
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Calendar',
    calendar_date DATE NOT NULL COMMENT 'Day, in local time',
    is_business_day TINYINT(1) NOT NULL COMMENT '1 when payments settle on this day',
    business_day_number INT NOT NULL
        COMMENT 'Business days from the start of the calendar up to and including this day',
    holiday_name VARCHAR(64) NULL COMMENT 'Name of the holiday; NULL on other days',
    PRIMARY KEY (calendar_name, calendar_date),
    KEY idx_calendar_days_number (calendar_name, business_day_number),
    CONSTRAINT fk_calendar_days_calendar FOREIGN KEY (calendar_name)
        REFERENCES calendars (calendar_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per calendar and day; built from calendars and calendar_holidays by build_calendar_days';
