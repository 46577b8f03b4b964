-- ops_silences: silences: spans of time in which some alerts send no notification.
--
-- Grain: one row per silence.
-- Time axis: starts_at
-- Columns:
--   silence_id       silence
--   rule_pattern     rules that it covers, as in LIKE
--   subject_pattern  subjects that it covers, as in LIKE
--   starts_at        first instant (UTC)
--   ends_at          instant at which it is over (UTC)
--   calendar_name    calendar whose days and clock count
--   on_days          days on which it holds: all, business, closed
--   from_time        local time of day from which it holds
--   to_time          local time of day until which it holds
--   reason           why
--   created_by       who made it
--   is_active        1 when it holds at as_of()
-- NULL: calendar_name when it holds all the time.
CREATE OR REPLACE VIEW ops_silences AS
SELECT
    s.silence_id,
    s.rule_pattern,
    s.subject_pattern,
    s.starts_at,
    s.ends_at,
    s.calendar_name,
    s.on_days,
    s.from_time,
    s.to_time,
    s.reason,
    s.created_by,
    CAST(
        s.starts_at <= as_of()
        AND s.ends_at > as_of()
        AND is_within_hours(s.calendar_name, s.on_days, s.from_time, s.to_time, as_of()) = 1
    AS SIGNED) AS is_active
FROM alert_silences AS s;
