-- ops_alerts: what is wrong, and what was.
--
-- Grain: one row per time that something was wrong.
-- Time axis: raised_at
-- Columns:
--   alert_id            alert
--   alert_rule          what is wrong
--   alert_subject       what it is wrong with
--   severity            INFO, WARNING, CRITICAL or SEVERE
--   alert_state         firing, acknowledged or resolved
--   alert_message       what was found last, in words
--   raised_at           first found (UTC)
--   seen_at             last found (UTC)
--   seen_count          how often it was found
--   resolved_at         found to be over (UTC)
--   open_seconds        from raised_at to resolved_at, or as_of() while it is open, seconds
--   reopened_count      how often it was found again soon after its end
--   fired_at            when it began to fire, the last time (UTC)
--   acknowledged_at     when somebody took it (UTC)
--   acknowledged_by     who took it
--   owner               team or person whose it is
--   disposition         true_positive or false_positive, as people judged it
--   silence_id          silence that covers it at as_of()
--   parent_alert_id     alert that explains it, which is notified instead
--   cause               where most of it happens, dimension=member
--   payments_affected   payments concerned, missing ones for a drop
--   value_at_stake      their amount, base currency
--   customers_affected  their customers
-- NULL: resolved_at while it is open; acknowledged_at, acknowledged_by, owner, disposition,
-- silence_id, parent_alert_id and cause where the alert has none; payments, value and customers
-- where it is not about payments, customers for missing payments.
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
    ) AS open_seconds,
    a.reopened_count,
    a.fired_at,
    a.acknowledged_at,
    a.acknowledged_by,
    a.owner,
    a.disposition,
    IF(a.open_key IS NULL, NULL, alert_silence(a.alert_rule, a.alert_subject, as_of()))
        AS silence_id,
    a.parent_alert_id,
    a.cause,
    a.payments_affected,
    a.value_at_stake,
    a.customers_affected
FROM alerts AS a;
