-- int_value_bucket: completed payments of the sample by logarithmic bucket of their amount, four
-- to the decade, with running counts.
--
-- Grain: one row per bucket that has payments.
-- Note: the sample is the time before as_of() in which about 5,000 payments arrive at the pace of
-- the last seven days, at most 30 days, so that the cost stays bounded at any size.
-- Columns:
--   bucket_number     bucket b: amounts from 10^(b/4) to 10^((b+1)/4), bucket 0 from 0
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   largest_amount    largest of them
--   running_count     payments in this bucket and those below
--   completed_total   payments in all buckets
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_value_bucket AS
SELECT
    v.bucket_number,
    v.completed_count,
    v.completed_amount,
    v.largest_amount,
    SUM(v.completed_count) OVER (ORDER BY v.bucket_number) AS running_count,
    SUM(v.completed_count) OVER () AS completed_total
FROM (
    SELECT
        LEAST(40, GREATEST(0, FLOOR(4 * LOG10(GREATEST(1, t.base_amount))))) AS bucket_number,
        COUNT(*) AS completed_count,
        SUM(t.base_amount) AS completed_amount,
        MAX(t.base_amount) AS largest_amount
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
    GROUP BY LEAST(40, GREATEST(0, FLOOR(4 * LOG10(GREATEST(1, t.base_amount)))))
) AS v;
