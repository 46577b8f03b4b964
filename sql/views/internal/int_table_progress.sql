-- int_table_progress: latest event and latest arrival of each source of data, read from the ends
-- of indexes.
--
-- Grain: one row per table.
-- Note: settlements: the accepted_at of the settlement that came last.
-- Columns:
--   table_name        table
--   last_event_at     latest event (UTC); those of days to come are not counted
--   last_ingested_at  latest arrival (UTC)
-- NULL: an instant is NULL when the table is empty or does not record it.
CREATE OR REPLACE VIEW int_table_progress AS
SELECT
    CAST('transactions' AS CHAR(40) CHARACTER SET ascii) AS table_name,
    (
        SELECT t.transaction_time
        FROM transactions AS t
        WHERE t.transaction_time <= as_of()
        ORDER BY t.transaction_time DESC
        LIMIT 1
    ) AS last_event_at,
    (
        SELECT l.ingested_at
        FROM (
            (
                SELECT t.transaction_id, t.ingested_at
                FROM transactions AS t
                ORDER BY t.transaction_id DESC
                LIMIT 1
            )
            UNION ALL
            (
                SELECT a.transaction_id, a.ingested_at
                FROM transactions_archive AS a
                ORDER BY a.transaction_id DESC
                LIMIT 1
            )
        ) AS l
        ORDER BY l.transaction_id DESC
        LIMIT 1
    ) AS last_ingested_at
UNION ALL
SELECT
    CAST('settlements' AS CHAR(40) CHARACTER SET ascii) AS table_name,
    (
        SELECT l.accepted_at
        FROM (
            (
                SELECT s.settlement_id, s.accepted_at
                FROM settlements AS s
                ORDER BY s.settlement_id DESC
                LIMIT 1
            )
            UNION ALL
            (
                SELECT a.settlement_id, a.accepted_at
                FROM settlements_archive AS a
                ORDER BY a.settlement_id DESC
                LIMIT 1
            )
        ) AS l
        ORDER BY l.settlement_id DESC
        LIMIT 1
    ) AS last_event_at,
    CAST(NULL AS DATETIME) AS last_ingested_at
UNION ALL
SELECT
    CAST('login_activity' AS CHAR(40) CHARACTER SET ascii) AS table_name,
    (
        SELECT l.login_time
        FROM (
            (
                SELECT f.login_time
                FROM login_activity AS f
                WHERE f.login_status = 'failed'
                    AND f.login_time <= as_of()
                ORDER BY f.login_time DESC
                LIMIT 1
            )
            UNION ALL
            (
                SELECT g.login_time
                FROM login_activity AS g
                WHERE g.login_status = 'success'
                    AND g.login_time <= as_of()
                ORDER BY g.login_time DESC
                LIMIT 1
            )
        ) AS l
        ORDER BY l.login_time DESC
        LIMIT 1
    ) AS last_event_at,
    CAST(NULL AS DATETIME) AS last_ingested_at
UNION ALL
SELECT
    CAST('rollups' AS CHAR(40) CHARACTER SET ascii) AS table_name,
    (SELECT r.last_event_at FROM rollup_state AS r) AS last_event_at,
    (SELECT r.last_ingested_at FROM rollup_state AS r) AS last_ingested_at;
