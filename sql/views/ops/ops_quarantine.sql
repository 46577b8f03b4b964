-- ops_quarantine: records that imports refused, by reason.
--
-- Grain: one row per import, column and reason.
-- Note: a filter on import_id reads only that import.
-- Columns:
--   import_id     import
--   column_name   column that is wrong
--   reason        what is wrong
--   record_count  records
--   first_line    first line
--   last_line     last line
-- NULL: column_name is NULL when the whole record is wrong.
CREATE OR REPLACE VIEW ops_quarantine AS
SELECT
    q.import_id,
    q.column_name,
    q.reason,
    CAST(COUNT(*) AS SIGNED) AS record_count,
    MIN(q.line_number) AS first_line,
    MAX(q.line_number) AS last_line
FROM import_quarantine AS q
GROUP BY q.import_id, q.column_name, q.reason;
