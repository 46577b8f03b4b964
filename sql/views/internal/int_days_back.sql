-- int_days_back: the numbers from 0 to 31, to look up the days of a window one by one.
--
-- Grain: one row per number.
-- Columns:
--   days  number
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_days_back AS
WITH RECURSIVE numbers AS (
    SELECT 0 AS days
    UNION ALL
    SELECT n.days + 1
    FROM numbers AS n
    WHERE n.days < 31
)
SELECT m.days
FROM numbers AS m;
