-- alert_list: alerts one by one, with the times until they fired, were taken and were over.
--
-- Grain: one row per time that something was wrong.
-- Time axis: raised_at
-- Columns:
--   alert_id             alert
--   alert_rule           what is wrong
--   alert_subject        what it is wrong with, the member of a metric
--   metric_name          metric of the monitor that raised it
--   dimension            dimension of the metric, all for no split
--   severity             INFO, WARNING, CRITICAL or SEVERE, at its worst
--   alert_state          firing, acknowledged or resolved
--   is_open              1 while it is firing or acknowledged
--   alert_message        what was found last, in words
--   raised_at            first found (UTC)
--   fired_at             when it began to fire, the last time (UTC)
--   acknowledged_at      when somebody took it (UTC)
--   resolved_at          found to be over (UTC)
--   acknowledged_by      who took it
--   owner                team or person whose it is
--   disposition          true_positive or false_positive, as people judged it
--   detect_seconds       from the first sight to firing, seconds
--   acknowledge_seconds  from firing to being taken, seconds
--   resolve_seconds      from firing to the end, seconds
--   open_seconds         from raised_at to resolved_at, or as_of() while it is open, seconds
--   seen_at              last found (UTC)
--   seen_count           how often it was found
--   reopened_count       how often it was found again soon after its end
--   silence_id           silence that covers it at as_of()
--   parent_alert_id      alert that explains it, which is notified instead
--   cause                where most of it happens, dimension=member
--   payments_affected    payments concerned, missing ones for a drop
--   value_at_stake       their amount, base currency
--   customers_affected   their customers
--   affected_from        begin of the time whose payments were counted (UTC)
--   affected_until       first moment after the time whose payments were counted (UTC)
--   affected_status      state of the payments that were counted
-- NULL: metric_name and dimension where no metric of the monitor raised it; acknowledged_at,
-- acknowledge_seconds, acknowledged_by, owner, disposition, silence_id, parent_alert_id and cause
-- where the alert has none; resolved_at and resolve_seconds while it is open; detect_seconds of one
-- that was reopened; payments, value, customers and their time where it is not about payments,
-- customers for missing payments, affected_status where the metric counts by something else.
CREATE OR REPLACE VIEW alert_list AS
SELECT
    a.alert_id,
    a.alert_rule,
    a.alert_subject,
    m.metric_name,
    m.dimension,
    a.severity,
    a.alert_state,
    CAST(a.alert_state <> 'resolved' AS SIGNED) AS is_open,
    a.alert_message,
    a.raised_at,
    a.fired_at,
    a.acknowledged_at,
    a.resolved_at,
    a.acknowledged_by,
    a.owner,
    a.disposition,
    CAST(IF(
        a.reopened_count = 0,
        TIMESTAMPDIFF(MICROSECOND, a.raised_at, a.fired_at) * 0.000001,
        NULL
    ) AS DECIMAL(14, 3)) AS detect_seconds,
    CAST(
        TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.acknowledged_at) * 0.000001
    AS DECIMAL(14, 3)) AS acknowledge_seconds,
    CAST(
        TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.resolved_at) * 0.000001
    AS DECIMAL(14, 3)) AS resolve_seconds,
    CAST(
        TIMESTAMPDIFF(SECOND, a.raised_at, COALESCE(a.resolved_at, as_of()))
    AS SIGNED) AS open_seconds,
    a.seen_at,
    a.seen_count,
    a.reopened_count,
    IF(a.open_key IS NULL, NULL, alert_silence(a.alert_rule, a.alert_subject, as_of()))
        AS silence_id,
    a.parent_alert_id,
    a.cause,
    a.payments_affected,
    a.value_at_stake,
    a.customers_affected,
    a.affected_from,
    a.affected_until,
    -- The state that a share of payments counts; another metric counts by something else.
    CAST(IF(
        m.series_source = 'payments' AND m.denominator = 'total_count'
            AND JSON_VALUE(m.detector_parameters, '$.direction') = 'above',
        (
            SELECT s.state
            FROM payment_states AS s
            WHERE m.numerator = CONCAT(s.state, '_count')
        ),
        NULL
    ) AS CHAR(16) CHARACTER SET ascii) AS affected_status
FROM alerts AS a
LEFT JOIN monitor_metrics AS m
    ON m.metric_name = IF(a.alert_rule LIKE 'monitor\_%', SUBSTRING(a.alert_rule, 9), NULL);
