-- Jobs; a deployment leaves schedules and policies that you changed, and what you switched off.
INSERT INTO jobs (
    job_name,
    description,
    command_kind,
    command_text,
    schedule,
    catch_up,
    overlap,
    grace_seconds,
    timeout_seconds,
    maximum_attempts
) VALUES
    (
        'refresh_kpis', 'applies captured changes to the rollups',
        'sql', 'CALL refresh_rollups(100000)', 'every 10s', 'once', 'skip', 120, 600, 3),
    (
        'update_risk_scores', 'evaluates rules, applies scores, opens cases',
        'sql', 'CALL update_risk_scores()', 'every 5m', 'once', 'skip', 600, 3600, 3),
    (
        'expire_payments', 'ends the holds of authorized payments whose time is over',
        'sql', 'CALL expire_payments(1000, @payops_job_rows)', 'every 1m', 'once', 'skip',
        300, 600, 3),
    (
        'mark_stuck_payments', 'marks payments that are longer in their state than allowed',
        'sql', 'CALL mark_stuck_payments()', 'every 5m', 'once', 'skip', 600, 600, 3),
    (
        'monitor_tick', 'judges the last minutes of every metric, raises and ends alerts',
        'payops', 'monitor tick', 'every 1m', 'once', 'skip', 300, 600, 2),
    (
        'watch_alerts', 'writes notices that time makes due: silences that end, reminders, escalations',
        'sql', 'CALL watch_alerts()', 'every 1m', 'once', 'skip', 300, 300, 3),
    (
        'send_notifications', 'sends the notices of alerts that wait in the outbox',
        'payops', 'notify send', 'every 15s', 'once', 'skip', 300, 600, 1),
    (
        'watch_integrity', 'reads the views that must be empty',
        'sql', 'CALL watch_integrity()', 'every 10m', 'once', 'skip', 1200, 1800, 3),
    (
        'seal_payments', 'seals posted payments with the key outside the database, when there is one',
        'payops', 'seal', 'every 10m', 'once', 'skip', 1200, 1800, 3),
    (
        'check_seals', 'compares every posted payment with its seal',
        'payops', 'integrity', '45 2 * * *', 'once', 'skip', 3600, 14400, 1),
    (
        'roll_settlement_due_dates', 'works pending due times out anew after a change of calendar',
        'sql', 'CALL roll_settlement_due_dates()', '10 0 * * *', 'once', 'skip', 3600, 3600, 3),
    (
        'check_rollups', 'proves the rollups of the last two days against the base tables',
        'sql', 'CALL check_rollups(2)', '30 1 * * *', 'once', 'skip', 3600, 7200, 3),
    (
        'check_reference_data', 'looks whether rates and calendars will last',
        'sql', 'CALL check_reference_data()', '0 6 * * *', 'once', 'skip', 3600, 600, 3),
    (
        'purge_history', 'deletes history that the settings no longer keep',
        'sql', 'CALL purge_history()', '15 2 * * *', 'once', 'skip', 3600, 3600, 3),
    (
        'archive_payments', 'moves closed months into the archive, drops what is no longer kept',
        'sql', 'CALL archive_payments(500000)', '30 4 * * *', 'once', 'skip', 3600, 7200, 3),
    (
        'sample_space', 'keeps what each table takes on disk',
        'sql', 'CALL sample_space()', '0 5 * * *', 'once', 'skip', 3600, 600, 3),
    (
        'sample_backlog', 'keeps how much is open in each hour',
        'sql', 'CALL sample_backlog()', '0 * * * *', 'once', 'skip', 3600, 600, 3),
    (
        'refresh_payment_cube', 'counts the days anew whose payments changed, for crossed dimensions',
        'sql', 'CALL refresh_payment_cube(24)', '20 * * * *', 'once', 'skip', 7200, 3600, 3),
    (
        'create_backup', 'makes a backup and proves it by restoring it',
        'payops', 'backup create', '0 3 * * *', 'once', 'skip', 3600, 43200, 2),
    (
        'archive_logs', 'archives the binary logs of the server, where it writes any',
        'payops', 'backup archive-logs --if-logged', 'every 5m', 'once', 'skip', 900, 7200, 2),
    (
        'prune_backups', 'deletes the backups that the policy lets go',
        'payops', 'backup prune', '0 7 * * *', 'once', 'skip', 3600, 3600, 2),
    (
        'verify_backups', 'restores every backup of the folder and compares it',
        'payops', 'backup verify --all', '0 8 * * SUN', 'once', 'skip', 7200, 86400, 2)
ON DUPLICATE KEY UPDATE
    description = VALUES(description);

-- A value cannot become an option: what asks for the run takes no value that begins with a dash.
UPDATE jobs
SET request_text = 'backup verify {value}'
WHERE job_name = 'verify_backups'
    AND request_text IS NULL;
