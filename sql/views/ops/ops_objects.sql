-- ops_objects: objects as they were deployed.
--
-- Grain: one row per deployed file.
-- Columns:
--   object_path       file below the package
--   object_kind       kind of object
--   object_name       name
--   source_checksum   checksum of the file
--   deployed_at       when (UTC)
--   deployed_version  version of payops
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_objects AS
SELECT
    o.object_path,
    o.object_kind,
    o.object_name,
    o.source_checksum,
    o.deployed_at,
    o.deployed_version
FROM deployed_objects AS o;
