-- ops_revision: what an open page polls: a text that changes when anything that is shown changes,
-- and those of its parts.
--
-- Grain: one row.
-- Note: it is derived from single rows and ends of keys that are written anyway, so that no writer
-- waits for it. Payments count once they are applied to the rollups; what the passing of time
-- changes does not count, and neither do tables that somebody changes by SQL and no trigger
-- watches, such as customers and exchange rates.
-- Columns:
--   revision          changes when any of the others does
--   payment_revision  changes when payments, settlements or logins reach the rollups, days are
--                     rebuilt, archived or set aside
--   alert_revision    changes when something happens to an alert, a silence or a notification is
--                     written
--   monitor_revision  changes when the monitor has judged
--   risk_revision     changes when hits, scores, flags or cases change
--   job_revision      changes when a run of a job or an import begins or ends
--   audit_revision    changes with the audit log: settings, rules, jobs, routes, silences, backups,
--                     erasures
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_revision AS
SELECT
    CAST(LEFT(SHA2(CONCAT_WS(
        '/', v.payment_revision, v.alert_revision, v.monitor_revision, v.risk_revision,
        v.job_revision, v.audit_revision
    ), 256), 32) AS CHAR(32) CHARACTER SET ascii) AS revision,
    CAST(v.payment_revision AS CHAR(32) CHARACTER SET ascii) AS payment_revision,
    CAST(v.alert_revision AS CHAR(32) CHARACTER SET ascii) AS alert_revision,
    CAST(v.monitor_revision AS CHAR(32) CHARACTER SET ascii) AS monitor_revision,
    CAST(v.risk_revision AS CHAR(32) CHARACTER SET ascii) AS risk_revision,
    CAST(v.job_revision AS CHAR(32) CHARACTER SET ascii) AS job_revision,
    CAST(v.audit_revision AS CHAR(32) CHARACTER SET ascii) AS audit_revision
FROM (
    -- COALESCE throughout: CONCAT_WS leaves NULL out, and two parts would read as one.
    SELECT
        LEFT(SHA2(CONCAT_WS(
            '/',
            COALESCE(r.refreshed_changes, 0),
            COALESCE(r.rebuilt_days, 0),
            COALESCE(r.window_end_date, 0),
            COALESCE(r.detail_from_date, 0),
            COALESCE(r.last_event_at, 0),
            COALESCE(r.last_ingested_at, 0),
            COALESCE((SELECT MAX(q.quarantine_id) FROM change_quarantine AS q), 0),
            COALESCE((
                SELECT CONCAT_WS('+', COUNT(*), SUM(a.payment_count), MAX(a.checked_at))
                FROM archive_months AS a
            ), 0)
        ), 256), 32) AS payment_revision,
        LEFT(SHA2(CONCAT_WS(
            '/',
            COALESCE((SELECT MAX(c.change_id) FROM alert_changes AS c), 0),
            COALESCE((SELECT MAX(a.alert_id) FROM alerts AS a), 0),
            -- An alert that is found again gets another message, which is no change of its state.
            COALESCE((
                SELECT SUM(s.seen_count) FROM alerts AS s WHERE s.open_key IS NOT NULL
            ), 0),
            COALESCE((SELECT MAX(l.silence_id) FROM alert_silences AS l), 0),
            COALESCE((SELECT MAX(n.notification_id) FROM notifications AS n), 0)
        ), 256), 32) AS alert_revision,
        LEFT(SHA2(CONCAT_WS(
            '/', COALESCE(m.last_minute, 0), COALESCE(m.ticked_at, 0)
        ), 256), 32) AS monitor_revision,
        LEFT(SHA2(CONCAT_WS(
            '/',
            COALESCE((SELECT MAX(h.hit_id) FROM risk_hits AS h), 0),
            COALESCE((SELECT MAX(e.event_id) FROM risk_events AS e), 0),
            COALESCE((SELECT MAX(s.score_run_id) FROM risk_score_runs AS s), 0),
            COALESCE((SELECT MAX(k.change_id) FROM risk_case_changes AS k), 0),
            COALESCE((SELECT MAX(f.flag_id) FROM payment_flags AS f), 0)
        ), 256), 32) AS risk_revision,
        LEFT(SHA2(CONCAT_WS(
            '/',
            COALESCE((SELECT MAX(j.run_id) FROM job_runs AS j), 0),
            COALESCE((
                SELECT CONCAT_WS(
                    '+', COUNT(*), SUM(t.fencing_token), COUNT(t.running_run_id),
                    SUM(t.running_run_id), MAX(t.decided_until))
                FROM job_states AS t
            ), 0),
            COALESCE((
                SELECT CONCAT_WS('+', i.import_id, i.state, i.read_count)
                FROM import_runs AS i
                ORDER BY i.import_id DESC
                LIMIT 1
            ), 0)
        ), 256), 32) AS job_revision,
        LEFT(SHA2(COALESCE((
            SELECT CONCAT_WS('/', d.audit_id, d.entry_hash)
            FROM audit_head AS d
            WHERE d.head_id = 1
        ), '0'), 256), 32) AS audit_revision
    FROM (SELECT 1 AS one) AS o
    LEFT JOIN rollup_state AS r ON r.state_id = 1
    LEFT JOIN monitor_state AS m ON m.state_id = 1
) AS v;
