-- integrity_catalog: must be empty: published views that kpi_catalog or catalog_views does not
-- know, and rows of these without their view or column.
--
-- Grain: one row per problem.
-- Note: DATABASE() must be the schema of payops.
-- Columns:
--   problem      view_without_kpi, kpi_without_view, kpi_without_column, view_not_in_catalog,
--                catalog_without_view or column_differs
--   kpi_name     KPI
--   object_name  view or column
-- NULL: kpi_name is NULL where no KPI is concerned.
CREATE OR REPLACE VIEW integrity_catalog AS
SELECT
    CAST('view_without_kpi' AS CHAR(24) CHARACTER SET ascii) AS problem,
    CAST(NULL AS CHAR(64) CHARACTER SET ascii) AS kpi_name,
    CAST(v.table_name AS CHAR(64)) COLLATE utf8mb4_general_ci AS object_name
FROM information_schema.tables AS v
WHERE v.table_schema = DATABASE()
    AND v.table_type = 'VIEW'
    AND v.table_name NOT LIKE 'int\\_%'
    -- Rules have a catalogue of their own.
    AND v.table_name NOT IN (SELECT r.view_name FROM rules AS r)
    AND v.table_name NOT IN (SELECT d.source_view FROM kpi_definitions AS d)
UNION ALL
SELECT
    'kpi_without_view',
    k.kpi_name,
    k.source_view
FROM kpi_definitions AS k
WHERE k.source_view NOT IN (
    SELECT t.table_name
    FROM information_schema.tables AS t
    WHERE t.table_schema = DATABASE()
        AND t.table_type = 'VIEW'
)
UNION ALL
SELECT
    'kpi_without_column',
    n.kpi_name,
    n.column_name
FROM (
    SELECT kpi_name, source_view, numerator AS column_name FROM kpi_definitions
    UNION ALL
    SELECT kpi_name, source_view, denominator FROM kpi_definitions
    UNION ALL
    SELECT kpi_name, source_view, value_column FROM kpi_definitions
    UNION ALL
    SELECT kpi_name, source_view, time_column FROM kpi_definitions
) AS n
WHERE n.column_name IS NOT NULL
    AND (n.source_view, n.column_name) NOT IN (
        SELECT c.table_name, c.column_name
        FROM information_schema.columns AS c
        WHERE c.table_schema = DATABASE()
    )
UNION ALL
SELECT
    'view_not_in_catalog',
    NULL,
    v.table_name
FROM information_schema.tables AS v
WHERE v.table_schema = DATABASE()
    AND v.table_type = 'VIEW'
    AND v.table_name NOT LIKE 'int\\_%'
    -- A rule of one's own is described by its rows.
    AND v.table_name NOT IN (SELECT r.view_name FROM rules AS r)
    AND v.table_name NOT IN (SELECT p.view_name FROM published_views AS p)
UNION ALL
SELECT
    'catalog_without_view',
    NULL,
    p.view_name
FROM published_views AS p
WHERE p.view_name NOT IN (
    SELECT t.table_name
    FROM information_schema.tables AS t
    WHERE t.table_schema = DATABASE()
        AND t.table_type = 'VIEW'
)
UNION ALL
SELECT
    'column_differs',
    NULL,
    CONCAT(p.view_name, '.', p.column_name)
FROM published_columns AS p
WHERE p.view_name IN (
        SELECT t.table_name
        FROM information_schema.tables AS t
        WHERE t.table_schema = DATABASE()
    )
    AND (p.view_name, p.column_name, p.ordinal_position) NOT IN (
        SELECT c.table_name, c.column_name, c.ordinal_position
        FROM information_schema.columns AS c
        WHERE c.table_schema = DATABASE()
    );
