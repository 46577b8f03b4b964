-- ops_health: the head of the health page: money at risk, open incidents, jobs and backups.
--
-- Grain: one row.
-- Columns:
--   as_of_time            moment of all figures (UTC)
--   weekday               name of the day of the week
--   base_currency         currency of the amounts (ISO 4217)
--   exposure_amount       open_amount + unsettled_amount, base currency
--   open_amount           of it, open payments, base currency
--   unsettled_amount      their amount, base currency
--   incident_count        open alerts that no other explains
--   severity              the most severe of the open incidents
--   monitored_until       last minute that the monitor judged (UTC)
--   is_at_work            1 while a scheduler holds its lease, or did so 30 seconds ago
--   troubled_jobs         enabled jobs that are late or failing, or whose last run failed, comma
--                         separated
--   failed_run_count      runs that failed, timed out or were abandoned in the last 24 hours
--   newest_verified_id    newest verified backup
--   verified_age_seconds  as_of() - newest_verified_at, negative after a jump of the clock, seconds
--   failed_backup_count   backups whose verification failed
-- NULL: base_currency when no currency is marked as base; severity without an open incident;
-- monitored_until before the first tick of the monitor; troubled_jobs without such jobs;
-- newest_verified_id and verified_age_seconds without a verified backup.
CREATE OR REPLACE VIEW ops_health AS
SELECT
    as_of() AS as_of_time,
    CAST(DAYNAME(as_of()) AS CHAR(16) CHARACTER SET ascii) AS weekday,
    e.base_currency,
    e.exposure_amount,
    e.open_amount,
    e.unsettled_amount,
    i.incident_count,
    i.severity,
    (SELECT s.last_minute FROM monitor_state AS s WHERE s.state_id = 1) AS monitored_until,
    j.is_at_work,
    j.troubled_jobs,
    j.failed_run_count,
    b.newest_verified_id,
    b.verified_age_seconds,
    b.failed_count AS failed_backup_count
FROM exposure_total AS e
CROSS JOIN ops_scheduler AS j
CROSS JOIN ops_backup_status AS b
CROSS JOIN (
    SELECT
        COUNT(*) AS incident_count,
        ELT(MAX(a.severity + 0), 'INFO', 'WARNING', 'CRITICAL', 'SEVERE') AS severity
    FROM alerts AS a
    WHERE a.open_key IS NOT NULL AND a.parent_alert_id IS NULL
) AS i;
