-- ops_unfinished_imports: imports that have not ended: running now, or left by a program that
-- ended.
--
-- Grain: one row per such import.
-- Time axis: started_at
-- Columns:
--   import_id    import
--   source_name  live, or the source of an import
--   file_name    file
--   started_at   begin (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_unfinished_imports AS
SELECT
    r.import_id,
    r.source_name,
    r.file_name,
    r.started_at
FROM import_runs AS r
WHERE r.state = 'running';
