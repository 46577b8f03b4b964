-- ops_backup_status: backup RPO / RTO: what would be lost and how long a restore takes, by the
-- newest backup that a restore has proved, and by the binary logs that are archived since.
--
-- Grain: one row.
-- Note: newest is the highest backup_sequence, whatever the clock said. Deleted backups count
-- nowhere. The table is a mirror of the backup folder: what payops does not know is not here.
-- Columns:
--   newest_backup_id      newest backup, in any state
--   newest_backup_at      instant of its snapshot (UTC)
--   newest_state          its state: unverified, verified or failed
--   newest_verified_id    newest verified backup
--   newest_verified_at    instant of its snapshot (UTC)
--   verified_age_seconds  as_of() - newest_verified_at, negative after a jump of the clock, seconds
--   rpo_seconds           what was written in this time would be lost: verified_age_seconds, at
--                         least 0, seconds
--   rto_seconds           measured restore of the newest verified backup, seconds
--   stored_bytes          its size in the folder, bytes
--   raw_bytes             its size before compression and encryption, bytes
--   previous_mean_bytes   mean stored_bytes of the up to seven verified before it, bytes
--   stored_bytes_trend    stored_bytes / previous_mean_bytes
--   backup_count          backups
--   verified_count        of these verified
--   unverified_count      of these not yet verified
--   failed_count          of these with a failed verification
--   pinned_count          of these pinned
--   next_deletion_at      when rotation will remove the next one (UTC)
--   next_deletion_id      that backup
--   archived_log          newest archived binary log, of the archive that is newest
--   archived_position     place behind the last archived event of it, bytes
--   archived_event_at     instant of that event (UTC)
--   archive_reached_at    when all that the server had written was archived (UTC)
--   missing_log_count     logs since the newest verified backup that are missing or not whole
--   log_rpo_seconds       what was written in this time would be lost, with a restore to the end of
--                         the archived logs: as_of() - archive_reached_at, from 0 to rpo_seconds,
--                         seconds
-- NULL: columns of the newest backup without a backup, columns of the newest verified one without a
-- verified one. rto_seconds: its restore was not measured. previous_mean_bytes: no verified one
-- before it. stored_bytes_trend: that, or a mean of 0. next_deletion_at, next_deletion_id: none is
-- known. archived_log and what follows: no logs are archived. archived_event_at: it is not known.
-- log_rpo_seconds: also when a log is missing, or no backup is verified; rpo_seconds counts then.
CREATE OR REPLACE VIEW ops_backup_status AS
SELECT
    s.newest_backup_id,
    s.newest_backup_at,
    s.newest_state,
    s.newest_verified_id,
    s.newest_verified_at,
    CAST(TIMESTAMPDIFF(SECOND, s.newest_verified_at, as_of()) AS SIGNED) AS verified_age_seconds,
    CAST(
        GREATEST(0, TIMESTAMPDIFF(SECOND, s.newest_verified_at, as_of()))
    AS SIGNED) AS rpo_seconds,
    s.rto_seconds,
    s.stored_bytes,
    s.raw_bytes,
    CAST(s.previous_mean_bytes AS DECIMAL(21, 1)) AS previous_mean_bytes,
    CAST(
        1.000000 * s.stored_bytes
        / NULLIF(s.previous_mean_bytes, 0)
    AS DECIMAL(12, 6)) AS stored_bytes_trend,
    CAST(s.backup_count AS SIGNED) AS backup_count,
    CAST(s.verified_count AS SIGNED) AS verified_count,
    CAST(s.unverified_count AS SIGNED) AS unverified_count,
    CAST(s.failed_count AS SIGNED) AS failed_count,
    CAST(s.pinned_count AS SIGNED) AS pinned_count,
    s.next_deletion_at,
    s.next_deletion_id,
    a.log_name AS archived_log,
    a.log_position AS archived_position,
    a.event_at AS archived_event_at,
    a.reached_at AS archive_reached_at,
    CAST(a.missing_count AS SIGNED) AS missing_log_count,
    CAST(
        CASE
            WHEN a.missing_count = 0
                THEN LEAST(
                    GREATEST(0, TIMESTAMPDIFF(SECOND, s.newest_verified_at, as_of())),
                    GREATEST(0, TIMESTAMPDIFF(SECOND, a.reached_at, as_of()))
                )
        END
    AS SIGNED) AS log_rpo_seconds
FROM (
    SELECT
        MAX(CASE WHEN r.backup_rank = 1 THEN r.backup_id END) AS newest_backup_id,
        MAX(CASE WHEN r.backup_rank = 1 THEN r.created_at END) AS newest_backup_at,
        MAX(CASE WHEN r.backup_rank = 1 THEN r.state END) AS newest_state,
        MAX(CASE WHEN r.verified_rank = 1 THEN r.backup_id END) AS newest_verified_id,
        MAX(CASE WHEN r.verified_rank = 1 THEN r.created_at END) AS newest_verified_at,
        MAX(CASE WHEN r.verified_rank = 1 THEN r.restore_seconds END) AS rto_seconds,
        MAX(CASE WHEN r.verified_rank = 1 THEN r.stored_bytes END) AS stored_bytes,
        MAX(CASE WHEN r.verified_rank = 1 THEN r.raw_bytes END) AS raw_bytes,
        AVG(
            CASE WHEN r.verified_rank BETWEEN 2 AND 8 THEN r.stored_bytes END
        ) AS previous_mean_bytes,
        COUNT(*) AS backup_count,
        COALESCE(SUM(r.state = 'verified'), 0) AS verified_count,
        COALESCE(SUM(r.state = 'unverified'), 0) AS unverified_count,
        COALESCE(SUM(r.state = 'failed'), 0) AS failed_count,
        COALESCE(SUM(r.is_pinned), 0) AS pinned_count,
        MIN(r.next_deletion_at) AS next_deletion_at,
        MAX(
            CASE WHEN r.deletion_rank = 1 AND r.next_deletion_at IS NOT NULL THEN r.backup_id END
        ) AS next_deletion_id
    FROM (
        SELECT
            b.backup_id,
            b.state,
            b.created_at,
            b.restore_seconds,
            b.stored_bytes,
            b.raw_bytes,
            b.is_pinned,
            b.next_deletion_at,
            ROW_NUMBER() OVER (
                ORDER BY b.backup_sequence DESC, b.backup_id DESC
            ) AS backup_rank,
            CASE
                WHEN b.state = 'verified'
                    THEN ROW_NUMBER() OVER (
                        PARTITION BY b.state
                        ORDER BY b.backup_sequence DESC, b.backup_id DESC
                    )
            END AS verified_rank,
            ROW_NUMBER() OVER (
                ORDER BY b.next_deletion_at IS NULL, b.next_deletion_at, b.backup_sequence,
                    b.backup_id
            ) AS deletion_rank
        FROM backups AS b
        WHERE b.state <> 'deleted'
    ) AS r
) AS s
LEFT JOIN (
    SELECT
        l.log_name,
        l.log_position,
        l.missing_count,
        l.event_at,
        l.reached_at,
        ROW_NUMBER() OVER (ORDER BY l.reached_at DESC, l.folder, l.log_base) AS archive_rank
    FROM log_archives AS l
) AS a
    ON a.archive_rank = 1;
