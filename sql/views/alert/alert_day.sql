-- alert_day: alerts by the day on which they were raised, their rule, severity and owner, with the
-- sums and counts of the times until they fired, were taken and were over.
--
-- Grain: one row per day, rule, severity and owner.
-- Time axis: alert_date
-- Note: severity is the highest that the alert reached, owner (none) where nobody owns it. Sums and
-- counts add up over rows; a mean of several rows is the sum of the sums / the sum of the counts.
-- Columns:
--   alert_date                day on which they were raised (UTC)
--   alert_rule                rule
--   severity                  INFO, WARNING, CRITICAL or SEVERE, at its worst
--   owner                     team or person whose they are, (none) for nobody
--   alert_count               alerts raised
--   open_count                of these still open
--   detected_count            alerts that were not reopened, whose time of detection is known
--   detect_seconds_sum        time from the first sight to firing of the detected, seconds
--   mean_detect_seconds       detect_seconds_sum / detected_count, seconds (MTTD)
--   acknowledged_count        alerts that somebody took
--   acknowledge_seconds_sum   time from firing to being taken, seconds
--   mean_acknowledge_seconds  acknowledge_seconds_sum / acknowledged_count, seconds (MTTA)
--   resolved_count            alerts that are over
--   resolve_seconds_sum       time from firing to the end, seconds
--   mean_resolve_seconds      resolve_seconds_sum / resolved_count, seconds (MTTR)
--   judged_count              alerts that people judged
--   true_count                of these true positives
--   false_count               of these false positives
--   alert_precision           true_count / judged_count
-- NULL: a mean or share of nothing.
CREATE OR REPLACE VIEW alert_day AS
SELECT
    DATE(a.raised_at) AS alert_date,
    a.alert_rule,
    a.severity,
    CAST(COALESCE(a.owner, '(none)') AS CHAR(64)) COLLATE utf8mb4_general_ci AS owner,
    CAST(COUNT(*) AS SIGNED) AS alert_count,
    CAST(SUM(a.resolved_at IS NULL) AS SIGNED) AS open_count,
    CAST(SUM(a.reopened_count = 0) AS SIGNED) AS detected_count,
    CAST(SUM(IF(
        a.reopened_count = 0,
        TIMESTAMPDIFF(MICROSECOND, a.raised_at, a.fired_at),
        0
    )) * 0.000001 AS DECIMAL(16, 3)) AS detect_seconds_sum,
    CAST(SUM(IF(
        a.reopened_count = 0,
        TIMESTAMPDIFF(MICROSECOND, a.raised_at, a.fired_at),
        0
    )) * 0.000001 / NULLIF(SUM(a.reopened_count = 0), 0) AS DECIMAL(14, 1)) AS mean_detect_seconds,
    CAST(SUM(a.acknowledged_at IS NOT NULL) AS SIGNED) AS acknowledged_count,
    CAST(
        1.000000 * COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.acknowledged_at)), 0)
        / 1000000
    AS DECIMAL(16, 3)) AS acknowledge_seconds_sum,
    CAST(
        SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.acknowledged_at)) * 0.000001
        / NULLIF(SUM(a.acknowledged_at IS NOT NULL), 0)
    AS DECIMAL(14, 1)) AS mean_acknowledge_seconds,
    CAST(SUM(a.resolved_at IS NOT NULL) AS SIGNED) AS resolved_count,
    CAST(
        1.000000 * COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.resolved_at)), 0)
        / 1000000
    AS DECIMAL(16, 3)) AS resolve_seconds_sum,
    CAST(
        SUM(TIMESTAMPDIFF(MICROSECOND, a.fired_at, a.resolved_at)) * 0.000001
        / NULLIF(SUM(a.resolved_at IS NOT NULL), 0)
    AS DECIMAL(14, 1)) AS mean_resolve_seconds,
    CAST(SUM(a.disposition IS NOT NULL) AS SIGNED) AS judged_count,
    CAST(SUM(COALESCE(a.disposition = 'true_positive', 0)) AS SIGNED) AS true_count,
    CAST(SUM(COALESCE(a.disposition = 'false_positive', 0)) AS SIGNED) AS false_count,
    CAST(
        1.000000 * SUM(COALESCE(a.disposition = 'true_positive', 0))
        / NULLIF(SUM(a.disposition IS NOT NULL), 0)
    AS DECIMAL(9, 6)) AS alert_precision
FROM alerts AS a
WHERE a.raised_at <= as_of()
GROUP BY DATE(a.raised_at), a.alert_rule, a.severity,
    CAST(COALESCE(a.owner, '(none)') AS CHAR(64)) COLLATE utf8mb4_general_ci;
