DELIMITER $$

CREATE OR REPLACE FUNCTION is_within_hours(
    in_calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_on_days VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin,
    in_from_time TIME,
    in_to_time TIME,
    in_at DATETIME
)
RETURNS TINYINT
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Whether the instant in_at (UTC) lies within hours of days of a calendar (all, business,
closed), by its clock; 1 without a calendar. A day that the calendar does not cover counts as open:
rather notify too often than never'
BEGIN
    DECLARE v_local DATETIME;
    DECLARE v_is_business TINYINT;

    IF in_calendar_name IS NULL THEN
        RETURN 1;
    END IF;
    -- SELECT INTO, for SET would lock the calendar until the caller commits.
    SELECT MAX(COALESCE(utc_to_local(c.time_zone, in_at), in_at))
    INTO v_local
    FROM calendars AS c
    WHERE c.calendar_name = in_calendar_name;
    SELECT COALESCE(MAX(d.is_business_day), 1)
    INTO v_is_business
    FROM calendar_days AS d
    WHERE d.calendar_name = in_calendar_name
        AND d.calendar_date = DATE(v_local);
    RETURN TIME(v_local) >= in_from_time
        AND TIME(v_local) < in_to_time
        AND (in_on_days = 'all' OR v_is_business = (in_on_days = 'business'));
END$$

DELIMITER ;
