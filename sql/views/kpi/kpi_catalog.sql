-- kpi_catalog: what each KPI means and where it is.
--
-- Grain: one row per KPI.
-- Columns:
--   kpi_name        name of the KPI
--   subject         family
--   grain           one row per what
--   formula         formula in words
--   unit            unit of the value
--   better          which way is better
--   numerator       column of the numerator
--   denominator     column of the denominator
--   value_column    column of the value
--   source_view     published view that holds it
--   time_column     column of the time axis
--   default_filter  SQL condition that a first look wants
-- NULL: numerator, denominator: no ratio. value_column: the whole view is the KPI. time_column: no
-- time axis. default_filter: the whole view is small.
CREATE OR REPLACE VIEW kpi_catalog AS
SELECT
    d.kpi_name,
    d.subject,
    d.grain,
    d.formula,
    d.unit,
    d.better,
    d.numerator,
    d.denominator,
    d.value_column,
    d.source_view,
    d.time_column,
    d.default_filter
FROM kpi_definitions AS d;
