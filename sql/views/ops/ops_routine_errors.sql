-- ops_routine_errors: procedures that failed and were rolled back in the last day.
--
-- Grain: one row per procedure and error number.
-- Columns:
--   routine_name  procedure
--   error_number  MariaDB or payops error number
--   error_count   failures
--   failed_at     last failure (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_routine_errors AS
SELECT
    e.routine_name,
    e.error_number,
    COUNT(*) AS error_count,
    MAX(e.failed_at) AS failed_at
FROM routine_errors AS e
WHERE e.failed_at >= as_of() - INTERVAL 1 DAY
GROUP BY e.routine_name, e.error_number;
