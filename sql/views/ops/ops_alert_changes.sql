-- ops_alert_changes: what happened to alerts, and who did it.
--
-- Grain: one row per change.
-- Time axis: changed_at
-- Columns:
--   change_id      change
--   alert_id       alert
--   alert_rule     its rule
--   alert_subject  its subject
--   change_kind    fired, escalated, acknowledged, assigned, comment, disposition, resolved,
--                  reopened
--   severity       its severity after the change
--   change_text    what was found, owner, comment or disposition
--   changed_by     who did it; payops for what it did by itself
--   changed_at     when (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_alert_changes AS
SELECT
    c.change_id,
    c.alert_id,
    c.alert_rule,
    c.alert_subject,
    c.change_kind,
    c.severity,
    c.change_text,
    c.changed_by,
    c.changed_at
FROM alert_changes AS c;
