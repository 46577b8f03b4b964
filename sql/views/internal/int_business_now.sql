-- int_business_now: business seconds from the start of each calendar to as_of(): the part of
-- business_seconds() that is the same for every row of a statement.
--
-- Grain: one row per calendar.
-- Note: grouped, so that the server computes it once and not for each row that it is joined to. No
-- stored function but as_of(): inside a grouped view the server asks the reader for EXECUTE.
-- Columns:
--   calendar_name     calendar
--   time_zone         zone in which its days begin and end
--   business_seconds  seconds of business days before as_of()
-- NULL: business_seconds is NULL when the calendar does not reach as_of().
CREATE OR REPLACE VIEW int_business_now AS
SELECT
    c.calendar_name,
    c.time_zone,
    MAX(
        (t.business_day_number - t.is_business_day) * 86400
        + t.is_business_day * TIME_TO_SEC(TIME(as_of() + INTERVAL (
            SELECT o.offset_seconds
            FROM time_zone_offsets AS o
            WHERE o.time_zone = c.time_zone AND o.valid_from <= as_of()
            ORDER BY o.valid_from DESC
            LIMIT 1
        ) SECOND))
    ) AS business_seconds
FROM calendars AS c
LEFT JOIN calendar_days AS t
    ON t.calendar_name = c.calendar_name
        AND t.calendar_date = DATE(as_of() + INTERVAL (
            SELECT z.offset_seconds
            FROM time_zone_offsets AS z
            WHERE z.time_zone = c.time_zone AND z.valid_from <= as_of()
            ORDER BY z.valid_from DESC
            LIMIT 1
        ) SECOND)
GROUP BY c.calendar_name, c.time_zone;
