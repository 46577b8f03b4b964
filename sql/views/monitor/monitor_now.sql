-- monitor_now: what the last tick says of every series that is watched: its last judged step, what
-- was expected, and the open alert.
--
-- Grain: one row per metric and member.
-- Columns:
--   metric_name     metric
--   member          member of its dimension, all for no split
--   metric_minute   first minute of the last judged step (UTC)
--   step_minutes    minutes that are judged at once
--   observed_value  what was observed: a share, count or amount
--   event_count     events that the value is a share of
--   expected_value  what the baseline lets expect
--   lower_value     least value that is normal
--   upper_value     greatest value that is normal
--   score           departure in standard units of the detector
--   verdict         normal, anomalous or no_verdict
--   reason          why there is no verdict
--   alert_id        open alert of the series
--   severity        its severity
--   alert_state     firing, acknowledged or resolved
--   raised_at       first found (UTC)
-- NULL: metric_minute to reason before the first judged step, then as in monitor_series; alert_id
-- to raised_at while no alert of the series is open.
CREATE OR REPLACE VIEW monitor_now AS
SELECT
    t.metric_name,
    t.member,
    p.metric_minute,
    m.step_minutes,
    p.observed_value,
    p.event_count,
    p.expected_value,
    p.lower_value,
    p.upper_value,
    p.score,
    p.verdict,
    p.reason,
    a.alert_id,
    a.severity,
    a.alert_state,
    a.raised_at
FROM monitor_tracks AS t
INNER JOIN monitor_metrics AS m ON m.metric_name = t.metric_name AND m.is_enabled = 1
-- The last step by its key: MAX would read every step of the series. Key and order are written out
-- for MySQL, which would read the steps of all series by the index over the minute.
LEFT JOIN monitor_points AS p
    ON p.metric_name = t.metric_name
        AND p.member = t.member
        AND p.metric_minute = (
            SELECT l.metric_minute
            FROM monitor_points AS l FORCE INDEX (PRIMARY)
            WHERE l.metric_name = t.metric_name AND l.member = t.member
            ORDER BY l.metric_name DESC, l.member DESC, l.metric_minute DESC
            LIMIT 1
        )
LEFT JOIN alerts AS a ON a.open_key = CONCAT('monitor_', t.metric_name, '/', t.member);
