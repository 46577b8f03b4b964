-- int_latency_hour: latency histogram of an hour with running counts, from which percentiles
-- are read.
--
-- Grain: one row per dimension, hour, member and histogram bin.
-- Time axis: metric_hour
-- Columns:
--   dimension       dimension
--   metric_hour     hour of the attempts (UTC)
--   member          member of the dimension
--   latency_bin     histogram bin
--   answered_count  answered payments in the bin
--   failed_count    of these, failed
--   running_count   answered payments in this bin and those below
--   answered_total  answered payments in all bins
-- NULL: no column is NULL.
-- Written by scripts/catalogue from sql/catalogue/templates/int_latency.sql.in.
CREATE OR REPLACE VIEW int_latency_hour AS
SELECT
    l.dimension,
    l.metric_hour,
    l.member,
    l.latency_bin,
    l.answered_count,
    l.failed_count,
    SUM(l.answered_count + 0e0) OVER (
        PARTITION BY l.dimension, l.metric_hour, l.member
        ORDER BY l.latency_bin
    ) AS running_count,
    SUM(l.answered_count + 0e0) OVER (
        PARTITION BY l.dimension, l.metric_hour, l.member
    ) AS answered_total
FROM latency_hour AS l
WHERE l.answered_count > 0;
