-- int_apdex_hour: answered payments of an hour split by the latency target: satisfied, tolerating,
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
-- Written by scripts/catalogue from sql/catalogue/templates/int_apdex.sql.in.
CREATE OR REPLACE VIEW int_apdex_hour AS
SELECT
    l.dimension,
    l.metric_hour,
    l.member,
    MAX(COALESCE(o.target_bin, g.target_bin)) AS target_bin,
    MAX(COALESCE(o.tolerable_bin, g.tolerable_bin)) AS tolerable_bin,
    SUM(l.answered_count) AS answered_count,
    SUM(l.failed_count) AS failed_count,
    SUM(IF(
        l.latency_bin <= COALESCE(o.target_bin, g.target_bin),
        l.answered_count - l.failed_count,
        0)) AS satisfied_count,
    SUM(IF(
        l.latency_bin <= COALESCE(o.tolerable_bin, g.tolerable_bin),
        l.answered_count - l.failed_count,
        0)) AS within_4t_count
FROM latency_hour AS l
LEFT JOIN int_latency_policy AS o
    ON o.scope_dimension = l.dimension AND o.scope_member = l.member
LEFT JOIN int_latency_policy AS g
    ON g.scope_dimension = 'all' AND g.scope_member = 'all'
GROUP BY l.dimension, l.metric_hour, l.member;
