DELIMITER $$

CREATE OR REPLACE FUNCTION business_seconds(
    in_calendar VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_from DATETIME,
    in_to DATETIME
)
RETURNS BIGINT
DETERMINISTIC
READS SQL DATA
COMMENT 'Seconds between the instants in_from and in_to (UTC) that fall on business days of
in_calendar, days taken in its time zone; 0 when in_to is not later; NULL when the calendar does
not cover them'
BEGIN
    DECLARE v_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_from DATETIME;
    DECLARE v_to DATETIME;
    DECLARE v_seconds BIGINT;
    IF in_to <= in_from THEN
        RETURN 0;
    END IF;
    IF in_calendar = 'ALWAYS' THEN
        RETURN TIMESTAMPDIFF(SECOND, in_from, in_to);
    END IF;
    SELECT (SELECT c.time_zone FROM calendars AS c WHERE c.calendar_name = in_calendar) INTO v_zone;
    SET v_from = utc_to_local(v_zone, in_from);
    SET v_to = utc_to_local(v_zone, in_to);
    -- Business seconds since the start of the calendar: whole business days before the day, plus
    -- the part of the day itself when it is one.
    SELECT (
        SELECT GREATEST(0,
            (t.business_day_number - t.is_business_day - f.business_day_number + f.is_business_day)
                * 86400
            + t.is_business_day * TIME_TO_SEC(TIME(v_to))
            - f.is_business_day * TIME_TO_SEC(TIME(v_from)))
        FROM calendar_days AS f
        INNER JOIN calendar_days AS t ON t.calendar_name = f.calendar_name
        WHERE f.calendar_name = in_calendar
            AND f.calendar_date = DATE(v_from)
            AND t.calendar_date = DATE(v_to)
    ) INTO v_seconds;
    RETURN v_seconds;
END$$

DELIMITER ;
