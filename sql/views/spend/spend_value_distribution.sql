-- spend_value_distribution: distribution of the completed amounts of the last 30 days in
-- logarithmic buckets, four to the decade, with the tail marked.
--
-- Grain: one row per bucket that has payments.
-- Columns:
--   bucket_number     position of the bucket, smallest first
--   from_amount       smallest amount, base currency, inclusive
--   to_amount         first amount beyond, base currency
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   completed_total   payments in all buckets
--   share_ratio       completed_count / completed_total
--   is_tail           1 when the whole bucket lies above the 95th percentile
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW spend_value_distribution AS
SELECT
    CAST(v.bucket_number AS SIGNED) AS bucket_number,
    CAST(
        IF(v.bucket_number = 0, 0, POW(10, v.bucket_number / 4))
    AS DECIMAL(21, 4)) AS from_amount,
    CAST(POW(10, (v.bucket_number + 1) / 4) AS DECIMAL(21, 4)) AS to_amount,
    CAST(v.completed_count AS SIGNED) AS completed_count,
    CAST(v.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    CAST(v.completed_total AS SIGNED) AS completed_total,
    CAST(
        1.000000 * v.completed_count
        / NULLIF(v.completed_total, 0)
    AS DECIMAL(9, 6)) AS share_ratio,
    CAST(v.running_count - v.completed_count >= 0.95 * v.completed_total AS SIGNED) AS is_tail
FROM int_value_bucket AS v;
