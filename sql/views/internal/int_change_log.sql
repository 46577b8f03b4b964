-- int_change_log: changes that wait for refresh_rollups.
--
-- Grain: one row per change log.
-- Columns:
--   change_log          change log
--   waiting_count       changes that wait
--   oldest_captured_at  when the oldest was captured (UTC)
-- NULL: oldest_captured_at is NULL when nothing waits.
CREATE OR REPLACE VIEW int_change_log AS
SELECT
    CAST('transaction_changes' AS CHAR(40) CHARACTER SET ascii) AS change_log,
    (SELECT COUNT(*) FROM transaction_changes AS c) AS waiting_count,
    (
        SELECT c.captured_at FROM transaction_changes AS c ORDER BY c.change_id LIMIT 1
    ) AS oldest_captured_at
UNION ALL
SELECT
    CAST('settlement_changes' AS CHAR(40) CHARACTER SET ascii) AS change_log,
    (SELECT COUNT(*) FROM settlement_changes AS c) AS waiting_count,
    (
        SELECT c.captured_at FROM settlement_changes AS c ORDER BY c.change_id LIMIT 1
    ) AS oldest_captured_at
UNION ALL
SELECT
    CAST('login_changes' AS CHAR(40) CHARACTER SET ascii) AS change_log,
    (SELECT COUNT(*) FROM login_changes AS c) AS waiting_count,
    (
        SELECT c.captured_at FROM login_changes AS c ORDER BY c.change_id LIMIT 1
    ) AS oldest_captured_at;
