-- spend_amount_percentiles: percentiles of the completed amounts of the latest payments (seed:
-- p95 amount).
--
-- Grain: one row.
-- Note: nearest rank. the sample is the time before as_of() in which about 5,000 payments arrive
-- at the pace of the last seven days, at most 30 days, so that the cost stays bounded at any
-- size.
-- Columns:
--   sample_count  completed payments in the sample
--   p50_amount    median, base currency
--   p95_amount    95th percentile, base currency
--   p99_amount    99th percentile, base currency
--   max_amount    largest, base currency
-- NULL: everything is NULL when the sample is empty.
CREATE OR REPLACE VIEW spend_amount_percentiles AS
SELECT
    CAST(MAX(p.sample_count) AS SIGNED) AS sample_count,
    CAST(
        MIN(IF(p.amount_rank >= 0.50 * p.sample_count, p.base_amount, NULL))
    AS DECIMAL(21, 4)) AS p50_amount,
    CAST(
        MIN(IF(p.amount_rank >= 0.95 * p.sample_count, p.base_amount, NULL))
    AS DECIMAL(21, 4)) AS p95_amount,
    CAST(
        MIN(IF(p.amount_rank >= 0.99 * p.sample_count, p.base_amount, NULL))
    AS DECIMAL(21, 4)) AS p99_amount,
    CAST(MAX(p.base_amount) AS DECIMAL(21, 4)) AS max_amount
FROM (
    SELECT
        t.base_amount,
        ROW_NUMBER() OVER (ORDER BY t.base_amount) AS amount_rank,
        COUNT(*) OVER () AS sample_count
    FROM transactions AS t FORCE INDEX (idx_transactions_time)
    WHERE t.status = 'completed'
        AND t.base_amount IS NOT NULL
        AND t.transaction_time >= as_of() - INTERVAL (
            SELECT CAST(
                LEAST(2592000, 3024000000 / GREATEST(1, COALESCE(SUM(d.total_count), 0)))
            AS SIGNED)
            FROM metric_day AS d
            WHERE d.dimension = 'all'
                AND d.metric_date > DATE(as_of()) - INTERVAL 7 DAY
                AND d.metric_date <= DATE(as_of())
        ) SECOND
        AND t.transaction_time <= as_of()
) AS p;
