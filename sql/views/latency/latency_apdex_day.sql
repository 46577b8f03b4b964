-- latency_apdex_day: Apdex by day: satisfied and half of the tolerating payments as a share of all
-- answered ones.
--
-- Grain: one row per dimension, day and member.
-- Time axis: metric_date
-- Note: T is the latency policy of the member, else of all, rounded up to the edge of its histogram
-- bin (at most 10.6 percent above).
-- Columns:
--   dimension         all, transaction_type, channel, acquirer or card_scheme
--   metric_date       day of the attempts (UTC)
--   member            member of the dimension
--   target_ms         T as applied: upper edge of its histogram bin, ms
--   tolerable_ms      4 T as applied: upper edge of its histogram bin, ms
--   answered_count    answered payments
--   satisfied_count   answered no later than T and not failed
--   tolerating_count  answered later than T, no later than 4 T, and not failed
--   frustrated_count  answered later than 4 T, or failed
--   apdex             (satisfied_count + tolerating_count / 2) / answered_count
-- NULL: everything that depends on T is NULL when neither the member nor all has a latency policy.
-- Written by scripts/catalogue from sql/catalogue/templates/latency_apdex.sql.in.
CREATE OR REPLACE VIEW latency_apdex_day AS
SELECT
    a.dimension,
    a.metric_date,
    a.member,
    CAST(POW(1.05 / 0.95, a.target_bin) AS DECIMAL(14, 3)) AS target_ms,
    CAST(POW(1.05 / 0.95, a.tolerable_bin) AS DECIMAL(14, 3)) AS tolerable_ms,
    CAST(a.answered_count AS SIGNED) AS answered_count,
    CAST(IF(a.target_bin IS NULL, NULL, a.satisfied_count) AS SIGNED) AS satisfied_count,
    CAST(
        IF(a.target_bin IS NULL, NULL, a.within_4t_count - a.satisfied_count)
    AS SIGNED) AS tolerating_count,
    CAST(
        IF(a.target_bin IS NULL, NULL, a.answered_count - a.within_4t_count)
    AS SIGNED) AS frustrated_count,
    CAST(
        IF(a.target_bin IS NULL, NULL, 0.500000 * (a.satisfied_count + a.within_4t_count))
        / NULLIF(a.answered_count, 0)
    AS DECIMAL(9, 6)) AS apdex
FROM int_apdex_day AS a;
