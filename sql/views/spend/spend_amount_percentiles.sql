-- spend_amount_percentiles: percentiles of the completed amounts of the last 30 days, from a
-- mergeable histogram.
--
-- Grain: one row.
-- Note: each percentile is the middle of its bin, within 5 percent of the exact value.
-- Columns:
--   sample_count  completed payments of the last 30 days
--   p50_amount    median, base currency
--   p95_amount    95th percentile, base currency
--   p99_amount    99th percentile, base currency
--   max_amount    upper edge of the highest bin, base currency: no payment reached it
-- NULL: the amounts are NULL when there is no payment.
CREATE OR REPLACE VIEW spend_amount_percentiles AS
SELECT
    CAST(COALESCE(SUM(p.completed_count), 0) AS SIGNED) AS sample_count,
    CAST(
        2 * POW(10, 1 / 24e0) / (1 + POW(10, 1 / 24e0)) * POW(
            10,
            MIN(IF(p.running_count >= 0.50 * p.sample_count, p.amount_bin, NULL)) / 24e0)
    AS DECIMAL(21, 4)) AS p50_amount,
    CAST(
        2 * POW(10, 1 / 24e0) / (1 + POW(10, 1 / 24e0)) * POW(
            10,
            MIN(IF(p.running_count >= 0.95 * p.sample_count, p.amount_bin, NULL)) / 24e0)
    AS DECIMAL(21, 4)) AS p95_amount,
    CAST(
        2 * POW(10, 1 / 24e0) / (1 + POW(10, 1 / 24e0)) * POW(
            10,
            MIN(IF(p.running_count >= 0.99 * p.sample_count, p.amount_bin, NULL)) / 24e0)
    AS DECIMAL(21, 4)) AS p99_amount,
    CAST(POW(10, (MAX(p.amount_bin) + 1) / 24e0) AS DECIMAL(21, 4)) AS max_amount
FROM (
    SELECT
        b.amount_bin,
        b.completed_count,
        SUM(b.completed_count) OVER (ORDER BY b.amount_bin) AS running_count,
        SUM(b.completed_count) OVER () AS sample_count
    FROM (
        SELECT
            h.amount_bin,
            SUM(h.completed_count) AS completed_count
        FROM amount_day AS h
        WHERE h.metric_date > DATE(as_of()) - INTERVAL 30 DAY
            AND h.metric_date <= DATE(as_of())
        GROUP BY h.amount_bin
        HAVING SUM(h.completed_count) <> 0
    ) AS b
) AS p;
