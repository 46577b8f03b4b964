-- ops_import_runs: imports of files, read = loaded + updated + duplicate + quarantined.
--
-- Grain: one row per import.
-- Time axis: started_at
-- Columns:
--   import_id          import
--   file_name          file
--   mapping_name       mapping
--   state              running, completed, failed or interrupted
--   read_count         records read
--   loaded_count       new rows
--   updated_count      changed rows
--   duplicate_count    already there
--   quarantined_count  refused
--   quarantined_ratio  quarantined_count / read_count
--   started_at         begin (UTC)
--   finished_at        end (UTC)
--   duration_seconds   duration, seconds
--   error_message      why it failed
-- NULL: quarantined_ratio: nothing read. finished_at, duration_seconds: running. error_message: no
-- error.
CREATE OR REPLACE VIEW ops_import_runs AS
SELECT
    i.import_id,
    i.file_name,
    i.mapping_name,
    i.state,
    i.read_count,
    i.loaded_count,
    i.updated_count,
    i.duplicate_count,
    i.quarantined_count,
    CAST(
        1.000000 * i.quarantined_count
        / NULLIF(i.read_count, 0)
    AS DECIMAL(9, 6)) AS quarantined_ratio,
    i.started_at,
    i.finished_at,
    CAST(TIMESTAMPDIFF(SECOND, i.started_at, i.finished_at) AS SIGNED) AS duration_seconds,
    i.error_message
FROM import_runs AS i;
