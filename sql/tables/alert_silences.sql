CREATE TABLE IF NOT EXISTS alert_silences (
    silence_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Silence',
    rule_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Rules that it covers, as in LIKE',
    subject_pattern VARCHAR(128) NOT NULL COMMENT 'Subjects that it covers, as in LIKE',
    starts_at DATETIME NOT NULL COMMENT 'First instant (UTC)',
    ends_at DATETIME NOT NULL COMMENT 'Instant at which it is over (UTC)',
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Calendar whose days and clock count; NULL for all the time from start to end',
    on_days ENUM ('all', 'business', 'closed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Days of the calendar on which it holds; closed: weekends and holidays',
    from_time TIME NOT NULL DEFAULT '00:00:00' COMMENT 'Local time of day from which it holds',
    to_time TIME NOT NULL DEFAULT '24:00:00' COMMENT 'Local time of day until which it holds',
    reason VARCHAR(255) NOT NULL COMMENT 'Why',
    created_by VARCHAR(160) NOT NULL COMMENT 'Who made it',
    created_at DATETIME NOT NULL COMMENT 'When (UTC)',
    PRIMARY KEY (silence_id),
    KEY idx_alert_silences_ends_at (ends_at),
    CONSTRAINT fk_alert_silences_calendar FOREIGN KEY (calendar_name)
        REFERENCES calendars (calendar_name),
    CONSTRAINT ck_alert_silences_span CHECK (ends_at > starts_at),
    CONSTRAINT ck_alert_silences_hours CHECK (to_time > from_time),
    CONSTRAINT ck_alert_silences_days CHECK (on_days = 'all' OR calendar_name IS NOT NULL)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per span of time in which nobody is told of some alerts';
