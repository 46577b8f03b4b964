-- ops_integrity_checks: what check_integrity found last in each view that must be empty.
--
-- Grain: one row per integrity view.
-- Time axis: checked_at
-- Columns:
--   view_name      view
--   finding_count  its rows
--   is_clean       1 when it was empty
--   error_message  why it could not be read
--   found_since    first check of those in a row that found something (UTC)
--   checked_at     last check (UTC)
--   age_seconds    as_of() - checked_at, seconds
--   check_ms       how long it took, ms
-- NULL: all but view_name and is_clean (0) before the first check; finding_count when it could not
-- be read, error_message when it could; found_since when it was empty.
CREATE OR REPLACE VIEW ops_integrity_checks AS
SELECT
    k.source_view AS view_name,
    c.finding_count,
    CAST(COALESCE(c.finding_count = 0, 0) AS SIGNED) AS is_clean,
    c.error_message,
    c.found_since,
    c.checked_at,
    CAST(TIMESTAMPDIFF(SECOND, c.checked_at, as_of()) AS SIGNED) AS age_seconds,
    c.check_ms
FROM (
    SELECT DISTINCT d.source_view
    FROM kpi_definitions AS d
    WHERE d.subject = 'integrity'
) AS k
LEFT JOIN integrity_checks AS c ON c.view_name = k.source_view;
