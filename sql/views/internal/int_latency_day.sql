-- int_latency_day: latency histogram of a day with running counts, from which percentiles
-- are read.
--
-- Grain: one row per dimension, day, member and histogram bin.
-- Time axis: metric_date
-- Columns:
--   dimension       dimension
--   metric_date     day of the attempts (UTC)
--   member          member of the dimension
--   latency_bin     histogram bin
--   answered_count  answered payments in the bin
--   failed_count    of these, failed
--   running_count   answered payments in this bin and those below
--   answered_total  answered payments in all bins
-- NULL: no column is NULL.
-- Written by scripts/catalogue from sql/catalogue/templates/int_latency.sql.in.
CREATE OR REPLACE VIEW int_latency_day AS
SELECT
    l.dimension,
    l.metric_date,
    l.member,
    l.latency_bin,
    l.answered_count,
    l.failed_count,
    SUM(l.answered_count + 0e0) OVER (
        PARTITION BY l.dimension, l.metric_date, l.member
        ORDER BY l.latency_bin
    ) AS running_count,
    SUM(l.answered_count + 0e0) OVER (
        PARTITION BY l.dimension, l.metric_date, l.member
    ) AS answered_total
FROM latency_day AS l
WHERE l.answered_count > 0;
