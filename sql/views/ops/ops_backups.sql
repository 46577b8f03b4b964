-- ops_backups: backups that are there, each with its proof by a restore.
--
-- Grain: one row per backup.
-- Time axis: created_at
-- Note: a mirror of the backup folder: what payops does not know is not here.
-- Columns:
--   backup_id         backup
--   state             unverified, verified (a restore proved it) or failed (its verification
--                     failed)
--   created_at        instant of its snapshot (UTC)
--   verified_at       when a restore last proved it (UTC)
--   restore_seconds   how long the restore took that proved it, seconds
--   dump_seconds      how long it took to make, seconds
--   stored_bytes      its size in the folder, bytes
--   raw_bytes         its size before compression and encryption, bytes
--   is_encrypted      1 when it can be read only with a key
--   is_pinned         1 when rotation must not remove it
--   next_deletion_at  when rotation will remove it (UTC)
--   gtid_position     position of the snapshot in the binary log, as GTIDs
-- NULL: verified_at and restore_seconds until a restore proved it; next_deletion_at when rotation
-- never removes it, or that is not known; gtid_position without a binary log.
CREATE OR REPLACE VIEW ops_backups AS
SELECT
    b.backup_id,
    b.state,
    b.created_at,
    b.verified_at,
    b.restore_seconds,
    b.dump_seconds,
    b.stored_bytes,
    b.raw_bytes,
    b.is_encrypted,
    b.is_pinned,
    b.next_deletion_at,
    b.gtid_position
FROM backups AS b
WHERE b.state <> 'deleted';
