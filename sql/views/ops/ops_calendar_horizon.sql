-- ops_calendar_horizon: until when due dates are known: calendars, settlement windows and offsets
-- of time zones.
--
-- Grain: one row per calendar, rail and time zone.
-- Columns:
--   subject     calendar, settlement windows of a rail, or offsets of a zone
--   last_day    last day that is known
--   days_ahead  last_day - today, days
-- NULL: last_day and days_ahead when there is nothing at all.
CREATE OR REPLACE VIEW ops_calendar_horizon AS
SELECT
    h.subject,
    h.last_day,
    CAST(TIMESTAMPDIFF(DAY, DATE(as_of()), h.last_day) AS SIGNED) AS days_ahead
FROM (
    SELECT
        CONCAT('calendar ', c.calendar_name) AS subject,
        MAX(d.calendar_date) AS last_day
    FROM calendars AS c
    LEFT JOIN calendar_days AS d ON d.calendar_name = c.calendar_name
    GROUP BY c.calendar_name
    UNION ALL
    SELECT
        CONCAT('settlement windows of ', r.rail),
        MAX(w.value_date)
    FROM rails AS r
    LEFT JOIN settlement_windows AS w ON w.rail = r.rail
    WHERE r.instant_seconds IS NULL
    GROUP BY r.rail
    -- A zone with daylight saving has a change of offset in each year; others need none.
    UNION ALL
    SELECT
        CONCAT('offsets of zone ', z.time_zone),
        DATE(MAX(o.valid_from))
    FROM time_zone_offsets AS z
    INNER JOIN time_zone_offsets AS o ON o.time_zone = z.time_zone
    WHERE z.valid_from BETWEEN as_of() - INTERVAL 400 DAY AND as_of()
    GROUP BY z.time_zone
    -- A zone of a rail may be among those above.
    UNION
    SELECT
        CONCAT('offsets of zone ', r.time_zone),
        DATE(MAX(o.valid_from))
    FROM rails AS r
    LEFT JOIN time_zone_offsets AS o ON o.time_zone = r.time_zone
    GROUP BY r.time_zone
    HAVING COUNT(DISTINCT o.valid_from) <> 1
) AS h;
