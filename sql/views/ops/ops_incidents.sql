-- ops_incidents: what went wrong, once: an alert together with those that it explains.
--
-- Grain: one row per alert that no other explains.
-- Time axis: raised_at
-- Columns:
--   incident_id         its alert
--   alert_rule          rule of the alert
--   alert_subject       what the alert is about
--   severity            the most severe of its alerts
--   incident_state      firing, acknowledged (unless another is more severe) or resolved (all are)
--   raised_at           first found (UTC)
--   resolved_at         last of its alerts over (UTC)
--   alert_count         alerts
--   open_count          alerts that are open
--   cause               where most of it happens, dimension=member
--   payments_affected   payments concerned, missing ones for a drop
--   value_at_stake      their amount, base currency
--   customers_affected  their customers
--   owner               team or person whose it is
--   alert_message       what was found last, in words
-- NULL: resolved_at while an alert is open; cause where no single one was found; payments, value
-- and customers where it is not about payments, customers for missing payments; owner.
CREATE OR REPLACE VIEW ops_incidents AS
SELECT
    h.alert_id AS incident_id,
    h.alert_rule,
    h.alert_subject,
    ELT(
        GREATEST(h.severity + 0, COALESCE(m.worst_number, 0)),
        -- each severity, in rows: '{name}'
        'INFO', 'WARNING', 'CRITICAL', 'SEVERE'
        -- end
    ) AS severity,
    CASE
        WHEN h.open_key IS NULL AND COALESCE(m.open_count, 0) = 0 THEN 'resolved'
        WHEN h.alert_state = 'acknowledged' AND h.severity + 0 >= COALESCE(m.worst_number, 0)
            THEN 'acknowledged'
        ELSE 'firing' END AS incident_state,
    LEAST(h.raised_at, COALESCE(m.raised_at, h.raised_at)) AS raised_at,
    IF(
        h.open_key IS NULL AND COALESCE(m.open_count, 0) = 0,
        GREATEST(h.resolved_at, COALESCE(m.resolved_at, h.resolved_at)),
        NULL
    ) AS resolved_at,
    CAST(1 + COALESCE(m.alert_count, 0) AS SIGNED) AS alert_count,
    CAST((h.open_key IS NOT NULL) + COALESCE(m.open_count, 0) AS SIGNED) AS open_count,
    h.cause,
    h.payments_affected,
    h.value_at_stake,
    h.customers_affected,
    h.owner,
    h.alert_message
FROM alerts AS h
LEFT JOIN (
    SELECT
        a.parent_alert_id,
        MAX(a.severity + 0) AS worst_number,
        MIN(a.raised_at) AS raised_at,
        MAX(a.resolved_at) AS resolved_at,
        COUNT(*) AS alert_count,
        SUM(a.open_key IS NOT NULL) AS open_count
    FROM alerts AS a
    WHERE a.parent_alert_id IS NOT NULL
    GROUP BY a.parent_alert_id
) AS m ON m.parent_alert_id = h.alert_id
WHERE h.parent_alert_id IS NULL;
