-- ops_space_forecast: what each table takes on disk, and will take if it grows as it did in the
-- last 30 days (least squares over the daily samples).
--
-- Grain: one row per table that was sampled.
-- Columns:
--   table_name        table
--   sample_date       day of the last sample
--   row_count         rows, as the server estimates them
--   total_bytes       bytes of rows and indexes
--   sample_count      samples of the last 30 days
--   bytes_per_day     growth, bytes a day; negative when it shrinks
--   bytes_in_30_days  total_bytes 30 days after the last sample
--   bytes_in_year     total_bytes 365 days after the last sample
-- NULL: bytes_per_day and bytes_in_... with fewer than two samples.
CREATE OR REPLACE VIEW ops_space_forecast AS
SELECT
    f.table_name,
    f.sample_date,
    l.row_count,
    l.data_bytes + l.index_bytes AS total_bytes,
    f.sample_count,
    CAST(f.growth AS SIGNED) AS bytes_per_day,
    CAST(GREATEST(0, l.data_bytes + l.index_bytes + f.growth * 30) AS SIGNED) AS bytes_in_30_days,
    CAST(GREATEST(0, l.data_bytes + l.index_bytes + f.growth * 365) AS SIGNED) AS bytes_in_year
FROM (
    SELECT
        g.table_name,
        g.sample_date,
        g.sample_count,
        (g.sample_count * g.sum_xy - g.sum_x * g.sum_y)
            / NULLIF(g.sample_count * g.sum_xx - g.sum_x * g.sum_x, 0) AS growth
    FROM (
        SELECT
            s.table_name,
            MAX(s.sample_date) AS sample_date,
            COUNT(*) AS sample_count,
            SUM(DATEDIFF(s.sample_date, '2020-01-01') + 0e0) AS sum_x,
            SUM(s.data_bytes + s.index_bytes + 0e0) AS sum_y,
            SUM(DATEDIFF(s.sample_date, '2020-01-01') * (s.data_bytes + s.index_bytes + 0e0))
                AS sum_xy,
            SUM(POW(DATEDIFF(s.sample_date, '2020-01-01'), 2)) AS sum_xx
        FROM space_samples AS s
        WHERE s.sample_date > DATE(as_of()) - INTERVAL 30 DAY
            AND s.sample_date <= DATE(as_of())
        GROUP BY s.table_name
    ) AS g
) AS f
INNER JOIN space_samples AS l
    ON l.table_name = f.table_name
    AND l.sample_date = f.sample_date;
