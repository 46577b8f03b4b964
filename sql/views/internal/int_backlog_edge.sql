-- int_backlog_edge: instants at which the aging buckets of the backlog meet, to the minute.
--
-- Grain: one row per bucket.
-- Columns:
--   bucket_number  bucket that begins there (going back in time)
--   edge_minute    youngest minute of the bucket (UTC)
--   edge_hour      hour that the edge cuts (UTC)
--   edge_date      day that the edge cuts (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_backlog_edge AS
SELECT
    e.bucket_number,
    e.edge_minute,
    e.edge_minute - INTERVAL MINUTE(e.edge_minute) MINUTE AS edge_hour,
    DATE(e.edge_minute) AS edge_date
FROM (
    SELECT
        b.bucket_number,
        as_of() - INTERVAL SECOND(as_of()) + b.from_seconds SECOND AS edge_minute
    FROM aging_buckets AS b
    WHERE b.bucket_scheme = 'backlog'
) AS e;
