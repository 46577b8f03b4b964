-- int_apdex_hour: answered payments of a hour split by the latency target: satisfied, tolerating,
-- frustrated.
--
-- Grain: one row per dimension, hour and member.
-- Time axis: metric_hour
-- Columns:
--   dimension        dimension
--   metric_hour      hour of the attempts (UTC)
--   member           member of the dimension
--   target_bin       histogram bin of the target T
--   tolerable_bin    histogram bin of 4 T
--   answered_count   answered payments
--   failed_count     of these, failed
--   satisfied_count  answered no later than T and not failed
--   within_4t_count  answered no later than 4 T and not failed
-- NULL: the bins are NULL when neither the member nor all has a latency policy.
CREATE OR REPLACE VIEW int_apdex_hour AS
SELECT
    l.dimension,
    l.metric_hour,
    l.member,
    MAX(CEIL(LN(COALESCE(o.threshold_value, g.threshold_value)) / LN(1.05 / 0.95))) AS target_bin,
    MAX(CEIL(
        LN(4 * COALESCE(o.threshold_value, g.threshold_value)) / LN(1.05 / 0.95)
    )) AS tolerable_bin,
    SUM(l.answered_count) AS answered_count,
    SUM(l.failed_count) AS failed_count,
    SUM(IF(
        l.latency_bin <= CEIL(LN(COALESCE(o.threshold_value, g.threshold_value)) / LN(1.05 / 0.95)),
        l.answered_count - l.failed_count,
        0)) AS satisfied_count,
    SUM(IF(
        l.latency_bin <= CEIL(
            LN(4 * COALESCE(o.threshold_value, g.threshold_value)) / LN(1.05 / 0.95)
        ),
        l.answered_count - l.failed_count,
        0)) AS within_4t_count
FROM latency_hour AS l
LEFT JOIN sla_policies AS o
    ON o.subject = 'latency' AND o.scope_dimension = l.dimension AND o.scope_member = l.member
LEFT JOIN sla_policies AS g
    ON g.subject = 'latency' AND g.scope_dimension = 'all' AND g.scope_member = 'all'
GROUP BY l.dimension, l.metric_hour, l.member;
