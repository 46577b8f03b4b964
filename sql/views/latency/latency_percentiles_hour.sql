-- latency_percentiles_hour: percentiles of the time from request to answer by hour, from a
-- mergeable histogram.
--
-- Grain: one row per dimension, hour and member.
-- Time axis: metric_hour
-- Note: each percentile is the middle of its bin, within 5 percent of the exact value (below 1 ms:
-- within 1 ms). A time-out counts with its time-out value. Percentiles are never averaged: ask the
-- coarser view for a longer period. Of dimensions other than all only the detail window is kept
-- (setting detail_days, first day in rollup_state.detail_from_date).
-- Columns:
--   dimension       all, transaction_type, channel, acquirer or card_scheme
--   metric_hour     hour of the attempts (UTC)
--   member          member of the dimension
--   answered_count  answered payments, time-outs included
--   failed_count    of these, failed
--   p50_ms          median duration, ms
--   p95_ms          95th percentile of the duration, ms
--   p99_ms          99th percentile of the duration, ms
--   max_ms          upper edge of the highest bin, ms: no answer took longer
-- NULL: no column is NULL.
-- Written by scripts/catalogue from sql/catalogue/templates/latency_percentiles.sql.in.
CREATE OR REPLACE VIEW latency_percentiles_hour AS
SELECT
    h.dimension,
    h.metric_hour,
    h.member,
    CAST(SUM(h.answered_count) AS SIGNED) AS answered_count,
    CAST(SUM(h.failed_count) AS SIGNED) AS failed_count,
    CAST(
        2 / (1.05 / 0.95 + 1) * POW(
            1.05 / 0.95,
            MIN(IF(h.running_count >= 0.50e0 * h.answered_total, h.latency_bin, NULL))
        )
    AS DECIMAL(14, 3)) AS p50_ms,
    CAST(
        2 / (1.05 / 0.95 + 1) * POW(
            1.05 / 0.95,
            MIN(IF(h.running_count >= 0.95e0 * h.answered_total, h.latency_bin, NULL))
        )
    AS DECIMAL(14, 3)) AS p95_ms,
    CAST(
        2 / (1.05 / 0.95 + 1) * POW(
            1.05 / 0.95,
            MIN(IF(h.running_count >= 0.99e0 * h.answered_total, h.latency_bin, NULL))
        )
    AS DECIMAL(14, 3)) AS p99_ms,
    CAST(POW(1.05 / 0.95, MAX(h.latency_bin)) AS DECIMAL(14, 3)) AS max_ms
FROM int_latency_hour AS h
GROUP BY h.dimension, h.metric_hour, h.member;
