-- ops_notifications: notifications of alerts: delivered, waiting and given up.
--
-- Grain: one row per notice.
-- Time axis: created_at
-- Columns:
--   notification_id  notice
--   route_name       route
--   alert_id         alert
--   alert_rule       its rule
--   alert_subject    its subject
--   notice_kind      firing, reminder or resolved
--   severity         severity of the alert
--   notice_state     waiting, sending, delivered, failed (given up) or cancelled (over before)
--   created_at       when it was written (UTC)
--   due_at           when it may be sent (UTC)
--   attempt_count    attempts to send it
--   last_error       why the last attempt failed
--   delivered_at     when the receiver took it (UTC)
--   waiting_seconds  from created_at to delivered_at, or as_of() while it waits, seconds
-- NULL: last_error without a failure; delivered_at until then; waiting_seconds of what was given up
-- or cancelled.
CREATE OR REPLACE VIEW ops_notifications AS
SELECT
    n.notification_id,
    n.route_name,
    n.alert_id,
    n.alert_rule,
    n.alert_subject,
    n.notice_kind,
    n.severity,
    n.notice_state,
    n.created_at,
    n.due_at,
    n.attempt_count,
    n.last_error,
    n.delivered_at,
    CAST(IF(
        n.notice_state IN ('failed', 'cancelled'),
        NULL,
        TIMESTAMPDIFF(SECOND, n.created_at, COALESCE(n.delivered_at, as_of()))
    ) AS SIGNED) AS waiting_seconds
FROM notifications AS n;
