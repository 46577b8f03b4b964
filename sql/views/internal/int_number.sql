-- int_number: numbers 0 to 59, for hours and minutes.
--
-- Grain: one row per number.
-- Columns:
--   n  number
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_number AS
SELECT t.n * 10 + u.n AS n
FROM (
    SELECT 0 AS n
    UNION ALL SELECT 1
    UNION ALL SELECT 2
    UNION ALL SELECT 3
    UNION ALL SELECT 4
    UNION ALL SELECT 5
) AS t
CROSS JOIN (
    SELECT 0 AS n
    UNION ALL SELECT 1
    UNION ALL SELECT 2
    UNION ALL SELECT 3
    UNION ALL SELECT 4
    UNION ALL SELECT 5
    UNION ALL SELECT 6
    UNION ALL SELECT 7
    UNION ALL SELECT 8
    UNION ALL SELECT 9
) AS u;
