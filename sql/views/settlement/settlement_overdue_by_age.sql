-- settlement_overdue_by_age: settlements past due and not settled by business delay.
--
-- Grain: one row per rail and aging bucket.
-- Note: the delay counts from the begin of the hour in which the settlement was due.
-- Columns:
--   rail            rail
--   bucket_number   position of the bucket, youngest first
--   bucket_label    label of the bucket
--   from_seconds    shortest delay, business seconds, inclusive
--   to_seconds      first delay beyond, business seconds
--   overdue_count   settlements past due
--   overdue_amount  their amount, base currency
-- NULL: to_seconds is NULL for the last bucket.
CREATE OR REPLACE VIEW settlement_overdue_by_age AS
SELECT
    r.rail,
    b.bucket_number,
    b.bucket_label,
    b.from_seconds,
    b.to_seconds,
    CAST(COALESCE(SUM(o.pending_count), 0) AS SIGNED) AS overdue_count,
    CAST(COALESCE(SUM(o.pending_amount), 0) AS DECIMAL(21, 4)) AS overdue_amount
FROM rails AS r
INNER JOIN aging_buckets AS b ON b.bucket_scheme = 'overdue'
LEFT JOIN int_settlement_overdue AS o ON o.rail = r.rail AND o.bucket_number = b.bucket_number
GROUP BY r.rail, b.bucket_number, b.bucket_label, b.from_seconds, b.to_seconds;
