-- dim_date: days as a dimension: year, quarter, month, week, weekday, business days.
--
-- Grain: one row per day that the calendars cover.
-- Time axis: metric_date
-- Note: the key has the name that daily facts give it, so that BI tools recognise the relation. The
-- settings calendar_first_day and calendar_last_day say which days there are.
-- Columns:
--   metric_date          day (UTC)
--   date_key             the day as a number, YYYYMMDD
--   calendar_year        year
--   calendar_quarter     quarter, 1 to 4
--   calendar_month       month, 1 to 12
--   day_of_month         day of the month
--   iso_weekday          weekday, 1 for Monday to 7 for Sunday
--   iso_year             year of the ISO 8601 week
--   iso_week             week by ISO 8601
--   month_start          first day of the month
--   week_start           Monday of the week
--   is_weekend           1 on Saturday and Sunday
--   calendar_count       calendars of settlement that cover the day
--   open_calendar_count  of these in which payments settle on the day
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW dim_date AS
SELECT
    c.calendar_date AS metric_date,
    CAST(DATE_FORMAT(c.calendar_date, '%Y%m%d') AS SIGNED) AS date_key,
    CAST(YEAR(c.calendar_date) AS SIGNED) AS calendar_year,
    CAST(QUARTER(c.calendar_date) AS SIGNED) AS calendar_quarter,
    CAST(MONTH(c.calendar_date) AS SIGNED) AS calendar_month,
    CAST(DAYOFMONTH(c.calendar_date) AS SIGNED) AS day_of_month,
    CAST(WEEKDAY(c.calendar_date) + 1 AS SIGNED) AS iso_weekday,
    CAST(
        FLOOR(YEARWEEK(c.calendar_date, 3) / 100)
    AS SIGNED) AS iso_year,
    CAST(WEEK(c.calendar_date, 3) AS SIGNED) AS iso_week,
    CAST(c.calendar_date - INTERVAL DAYOFMONTH(c.calendar_date) - 1 DAY AS DATE) AS month_start,
    CAST(c.calendar_date - INTERVAL WEEKDAY(c.calendar_date) DAY AS DATE) AS week_start,
    CAST(WEEKDAY(c.calendar_date) >= 5 AS SIGNED) AS is_weekend,
    CAST(COUNT(*) AS SIGNED) AS calendar_count,
    CAST(SUM(c.is_business_day) AS SIGNED) AS open_calendar_count
FROM calendar_days AS c
GROUP BY c.calendar_date;
