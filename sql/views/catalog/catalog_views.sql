-- catalog_views: what each published view says, and who may read it.
--
-- Grain: one row per published view.
-- Columns:
--   view_name       published view
--   family          what it is about: kpi, backlog, settlement, ...
--   purpose         what the view says
--   grain           one row per what
--   key_columns     columns that identify a row, comma separated
--   time_column     column of the time axis
--   default_filter  SQL condition that a first look wants
--   null_note       what NULL means in its columns
--   reader_roles    roles that may read it, comma separated; admin reads everything
--   follows         whose changes reach it by a refresh
--   is_personal     1 when it holds personal data
--   column_count    its columns
-- NULL: time_column: no time axis. default_filter: the whole view is small. follows: it reads the
-- tables themselves.
CREATE OR REPLACE VIEW catalog_views AS
SELECT
    v.view_name,
    v.family,
    v.purpose,
    v.grain,
    v.key_columns,
    v.time_column,
    v.default_filter,
    v.null_note,
    v.reader_roles,
    v.follows,
    v.is_personal,
    v.column_count
FROM published_views AS v;
