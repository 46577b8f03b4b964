-- ops_health_incidents: open alerts that no other explains.
--
-- Grain: one row per open incident.
-- Time axis: raised_at
-- Columns:
--   incident_id    its alert
--   alert_rule     rule of the alert
--   alert_subject  what the alert is about
--   severity       how severe it is
--   alert_state    firing, acknowledged or resolved
--   raised_at      first found (UTC)
--   age_seconds    as_of() - raised_at, seconds
--   cause          where most of it happens, dimension=member
-- NULL: cause where no single one was found.
CREATE OR REPLACE VIEW ops_health_incidents AS
SELECT
    a.alert_id AS incident_id,
    a.alert_rule,
    a.alert_subject,
    a.severity,
    a.alert_state,
    a.raised_at,
    CAST(TIMESTAMPDIFF(SECOND, a.raised_at, as_of()) AS SIGNED) AS age_seconds,
    a.cause
FROM alerts AS a
WHERE a.open_key IS NOT NULL AND a.parent_alert_id IS NULL;
