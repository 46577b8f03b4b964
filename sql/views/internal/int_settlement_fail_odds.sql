-- int_settlement_fail_odds: how many settlements of the last 30 due days failed or were settled
-- only after a delay.
--
-- Grain: one row per rail and aging bucket, bucket 0 is not yet due.
-- Columns:
--   rail           rail
--   bucket_number  bucket of the scheme overdue, 0 for not yet due
--   failed_count   settlements that failed
--   settled_count  settlements that were settled with at least the delay of the bucket
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_settlement_fail_odds AS
SELECT
    r.rail,
    b.bucket_number,
    COALESCE(f.failed_count, 0) AS failed_count,
    COALESCE(SUM(IF(
        b.from_seconds = 0 OR POW(1.05 / 0.95, d.delay_bin - 1) >= b.from_seconds,
        d.settled_count,
        0
    )), 0) AS settled_count
FROM rails AS r
CROSS JOIN (
    SELECT
        a.bucket_number,
        a.from_seconds
    FROM aging_buckets AS a
    WHERE a.bucket_scheme = 'overdue'
    UNION ALL
    SELECT
        0,
        0
) AS b
LEFT JOIN (
    SELECT
        s.rail,
        SUM(s.failed_count) AS failed_count
    FROM settlement_day AS s
    WHERE s.due_date >= DATE(as_of()) - INTERVAL 30 DAY
        AND s.due_date < DATE(as_of())
    GROUP BY s.rail
) AS f ON f.rail = r.rail
LEFT JOIN (
    SELECT
        h.rail,
        h.delay_bin,
        SUM(h.settled_count) AS settled_count
    FROM settlement_delay_day AS h
    WHERE h.due_date >= DATE(as_of()) - INTERVAL 30 DAY
        AND h.due_date < DATE(as_of())
    GROUP BY h.rail, h.delay_bin
) AS d ON d.rail = r.rail
GROUP BY r.rail, b.bucket_number, f.failed_count;
