-- monitor_persistence: how long each departure lasts, beside the minutes after which it is INFO,
-- WARNING, CRITICAL and SEVERE: open alerts of the monitor, and departures that may become one.
--
-- Grain: one row per series with a departure in progress or an open alert.
-- Note: in the time of the payments. A departure counts when half of its steps depart, and at least
-- four of them do; strong evidence raises an alert without waiting.
-- Columns:
--   metric_name        metric
--   member             member of its dimension, all for no split
--   severity           severity that was raised
--   elapsed_minutes    minutes from the first departure to the end of the last one
--   since_at           first minute of the run of departures (UTC)
--   last_anomalous_at  last minute that departed (UTC)
--   info_minutes       minutes after which it is INFO
--   warning_minutes    minutes after which it is WARNING
--   critical_minutes   minutes after which it is CRITICAL
--   severe_minutes     minutes after which it is SEVERE
--   anomalous_steps    steps of the run that depart
--   judged_steps       steps of the run that were judged
--   quiet_minutes      quiet minutes since the last departure
--   clear_minutes      quiet minutes after which it is over
--   evidence           evidence of the departure, powers of ten against chance
--   fast_evidence      evidence that raises an alert without waiting, powers of ten
--   alert_id           open alert of the series
--   alert_state        firing, acknowledged or resolved
-- NULL: since_at and last_anomalous_at when nothing departs now; fast_evidence of a metric that
-- always waits; severity, alert_id and alert_state without an open alert.
CREATE OR REPLACE VIEW monitor_persistence AS
SELECT
    t.metric_name,
    t.member,
    t.severity,
    CAST(
        COALESCE(TIMESTAMPDIFF(MINUTE, t.since_at, t.last_anomalous_at) + t.step_minutes, 0)
    AS SIGNED) AS elapsed_minutes,
    t.since_at,
    t.last_anomalous_at,
    t.info_minutes,
    t.warning_minutes,
    t.critical_minutes,
    t.severe_minutes,
    t.anomalous_steps,
    t.judged_steps,
    t.quiet_minutes,
    t.clear_minutes,
    t.evidence,
    t.fast_evidence,
    a.alert_id,
    a.alert_state
FROM (
    SELECT
        k.metric_name,
        k.member,
        -- Minutes since 1970, in the time of the payments.
        CAST(
            TIMESTAMP('1970-01-01') + INTERVAL CAST(
                JSON_VALUE(k.track_state, '$.incident.runStart') AS SIGNED
            ) MINUTE
        AS DATETIME) AS since_at,
        CAST(
            IF(
                JSON_VALUE(k.track_state, '$.incident.runStart') IS NULL,
                NULL,
                TIMESTAMP('1970-01-01') + INTERVAL CAST(
                    JSON_VALUE(k.track_state, '$.incident.lastAnomalous') AS SIGNED
                ) MINUTE
            )
        AS DATETIME) AS last_anomalous_at,
        m.step_minutes,
        CAST(
            COALESCE(JSON_VALUE(k.track_state, '$.incident.anomalousSteps'), 0)
        AS SIGNED) AS anomalous_steps,
        CAST(
            COALESCE(JSON_VALUE(k.track_state, '$.incident.judgedSteps'), 0)
        AS SIGNED) AS judged_steps,
        CAST(
            COALESCE(JSON_VALUE(k.track_state, '$.incident.quietMinutes'), 0)
        AS SIGNED) AS quiet_minutes,
        m.clear_minutes,
        m.info_minutes,
        m.warning_minutes,
        m.critical_minutes,
        m.severe_minutes,
        CAST(
            COALESCE(JSON_VALUE(k.track_state, '$.incident.evidence'), 0)
        AS DECIMAL(12, 4)) AS evidence,
        m.fast_evidence,
        CAST(
            JSON_VALUE(k.track_state, '$.incident.raised')
        AS CHAR(16) CHARACTER SET ascii) AS severity
    FROM monitor_tracks AS k
    INNER JOIN monitor_metrics AS m ON m.metric_name = k.metric_name AND m.is_enabled = 1
    WHERE JSON_VALUE(k.track_state, '$.incident.runStart') IS NOT NULL
        OR JSON_VALUE(k.track_state, '$.incident.raised') IS NOT NULL
) AS t
LEFT JOIN alerts AS a ON a.open_key = CONCAT('monitor_', t.metric_name, '/', t.member);
