-- ops_alerts: what is wrong, and what was.
--
-- Grain: one row per time that something was wrong.
-- Time axis: raised_at
-- Columns:
--   alert_id       alert
--   alert_rule     what is wrong
--   alert_subject  what it is wrong with
--   severity       INFO, WARNING, CRITICAL or SEVERE
--   alert_state    firing or resolved
--   alert_message  what was found last, in words
--   raised_at      first found (UTC)
--   seen_at        last found (UTC)
--   seen_count     how often it was found
--   resolved_at    found to be over (UTC)
--   open_seconds   from raised_at to resolved_at, or as_of() while firing, seconds
-- NULL: resolved_at while firing.
CREATE OR REPLACE VIEW ops_alerts AS
SELECT
    a.alert_id,
    a.alert_rule,
    a.alert_subject,
    a.severity,
    a.alert_state,
    a.alert_message,
    a.raised_at,
    a.seen_at,
    a.seen_count,
    a.resolved_at,
    CAST(
        TIMESTAMPDIFF(SECOND, a.raised_at, COALESCE(a.resolved_at, as_of())) AS SIGNED
    ) AS open_seconds
FROM alerts AS a;
