-- backlog_by_age: open payments by age since creation, exact to the minute.
--
-- Grain: one row per aging bucket.
-- Note: the age is that of the minute of creation at the minute of as_of().
-- Columns:
--   bucket_number  position of the bucket, youngest first
--   bucket_label   label of the bucket
--   from_seconds   youngest age, seconds, inclusive
--   to_seconds     first age beyond, seconds
--   open_count     payments in non-terminal states of that age
--   open_amount    their amount, base currency
-- NULL: to_seconds is NULL for the last bucket.
CREATE OR REPLACE VIEW backlog_by_age AS
SELECT
    b.bucket_number,
    b.bucket_label,
    b.from_seconds,
    b.to_seconds,
    CAST(COALESCE(SUM(s.open_count), 0) AS SIGNED) AS open_count,
    CAST(COALESCE(SUM(s.open_amount), 0) AS DECIMAL(21, 4)) AS open_amount
FROM aging_buckets AS b
LEFT JOIN int_backlog_slice AS s
    ON s.open_count <> 0
        AND s.slice_from <= as_of() - INTERVAL SECOND(as_of()) + b.from_seconds SECOND
        AND (
            b.to_seconds IS NULL
            OR s.slice_from > as_of() - INTERVAL SECOND(as_of()) + b.to_seconds SECOND
        )
WHERE b.bucket_scheme = 'backlog'
GROUP BY b.bucket_number, b.bucket_label, b.from_seconds, b.to_seconds;
