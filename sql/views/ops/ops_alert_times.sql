-- ops_alert_times: how long it takes until alerts fire, are taken and are over, and how many of
-- them were false, by rule, over the last 90 days.
--
-- Grain: one row per rule of alerts.
-- Columns:
--   alert_rule                rule
--   alert_count               alerts raised in the last 90 days
--   open_count                of these still open
--   mean_detect_seconds       detect_seconds_sum / detected_count, seconds (MTTD)
--   acknowledged_count        alerts that somebody took
--   mean_acknowledge_seconds  acknowledge_seconds_sum / acknowledged_count, seconds (MTTA)
--   resolved_count            alerts that are over
--   mean_resolve_seconds      resolve_seconds_sum / resolved_count, seconds (MTTR)
--   judged_count              alerts that people judged
--   false_count               of these false positives
--   alert_precision           true_count / judged_count
--   detected_count            alerts that were not reopened, whose time of detection is known
--   detect_seconds_sum        time from the first sight to firing of the detected, seconds
--   acknowledge_seconds_sum   time from firing to being taken, seconds
--   resolve_seconds_sum       time from firing to the end, seconds
--   true_count                of these true positives
-- NULL: a mean or share of nothing.
CREATE OR REPLACE VIEW ops_alert_times AS
SELECT
    a.alert_rule,
    CAST(COUNT(*) AS SIGNED) AS alert_count,
    CAST(SUM(a.resolved_at IS NULL) AS SIGNED) AS open_count,
    CAST(AVG(IF(
        a.reopened_count = 0,
        TIMESTAMPDIFF(MICROSECOND, a.raised_at, a.fired_at) * 0.000001,
        NULL
    )) AS DECIMAL(14, 1)) AS mean_detect_seconds,
    CAST(SUM(a.acknowledged_at IS NOT NULL) AS SIGNED) AS acknowledged_count,
    CAST(AVG(
        TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.acknowledged_at) * 0.000001
    ) AS DECIMAL(14, 1)) AS mean_acknowledge_seconds,
    CAST(SUM(a.resolved_at IS NOT NULL) AS SIGNED) AS resolved_count,
    CAST(AVG(
        TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.resolved_at) * 0.000001
    ) AS DECIMAL(14, 1)) AS mean_resolve_seconds,
    CAST(SUM(a.disposition IS NOT NULL) AS SIGNED) AS judged_count,
    CAST(SUM(COALESCE(a.disposition = 'false_positive', 0)) AS SIGNED) AS false_count,
    CAST(
        1.000000 * SUM(COALESCE(a.disposition = 'true_positive', 0))
        / NULLIF(SUM(a.disposition IS NOT NULL), 0)
    AS DECIMAL(9, 6)) AS alert_precision,
    CAST(SUM(a.reopened_count = 0) AS SIGNED) AS detected_count,
    CAST(SUM(IF(
        a.reopened_count = 0,
        TIMESTAMPDIFF(MICROSECOND, a.raised_at, a.fired_at),
        0
    )) * 0.000001 AS DECIMAL(16, 3)) AS detect_seconds_sum,
    CAST(
        1.000000 * COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.acknowledged_at)), 0)
        / 1000000
    AS DECIMAL(16, 3)) AS acknowledge_seconds_sum,
    CAST(
        1.000000 * COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.resolved_at)), 0)
        / 1000000
    AS DECIMAL(16, 3)) AS resolve_seconds_sum,
    CAST(SUM(COALESCE(a.disposition = 'true_positive', 0)) AS SIGNED) AS true_count
FROM alerts AS a
WHERE a.raised_at > as_of() - INTERVAL 90 DAY
    AND a.raised_at <= as_of()
GROUP BY a.alert_rule;
