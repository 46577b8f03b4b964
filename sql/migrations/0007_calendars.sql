-- table: calendars
-- from: 09edbd567dd59edb
-- to: cfeecde8ce6208a4
ALTER TABLE calendars
    ADD COLUMN IF NOT EXISTS time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
        NOT NULL DEFAULT 'UTC' COMMENT 'IANA zone in which its days begin and end'
        AFTER description;
UPDATE calendars SET time_zone = 'Europe/Berlin' WHERE calendar_name = 'TARGET';
UPDATE calendars SET time_zone = 'America/New_York' WHERE calendar_name = 'US_FED';
ALTER TABLE calendars
    MODIFY COLUMN time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'IANA zone in which its days begin and end';
