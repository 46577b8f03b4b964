-- int_value_bucket: completed payments of the last 30 days by logarithmic bucket of their amount,
-- four to the decade, with running counts.
--
-- Grain: one row per bucket that has payments.
-- Columns:
--   bucket_number     bucket b: amounts from 10^(b/4) to 10^((b+1)/4), bucket 0 from 0
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   running_count     payments in this bucket and those below
--   completed_total   payments in all buckets
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_value_bucket AS
SELECT
    v.bucket_number,
    v.completed_count,
    v.completed_amount,
    SUM(v.completed_count) OVER (ORDER BY v.bucket_number) AS running_count,
    SUM(v.completed_count) OVER () AS completed_total
FROM (
    SELECT
        LEAST(40, GREATEST(0, FLOOR(h.amount_bin / 6))) AS bucket_number,
        SUM(h.completed_count) AS completed_count,
        SUM(h.completed_amount) AS completed_amount
    FROM amount_day AS h
    WHERE h.metric_date > DATE(as_of()) - INTERVAL 30 DAY
        AND h.metric_date <= DATE(as_of())
    GROUP BY LEAST(40, GREATEST(0, FLOOR(h.amount_bin / 6)))
    HAVING SUM(h.completed_count) <> 0
) AS v;
