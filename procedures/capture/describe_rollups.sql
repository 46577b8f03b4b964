DELIMITER $$

CREATE OR REPLACE PROCEDURE describe_rollups()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Creates the temporary table rollup_shapes: for each rollup its key and its measures as
pieces of SQL for compare_rollup.
Helper: starts and ends no transaction'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS rollup_shapes;
    -- Keys and measures come from the tables themselves, so that no column can be forgotten; nor
    -- may a short group_concat_max_len of the caller cut them.
    SET STATEMENT group_concat_max_len = 1000000 FOR
    CREATE TEMPORARY TABLE rollup_shapes ENGINE = Aria TRANSACTIONAL = 0
    SELECT
        c.table_name AS rollup_name,
        GROUP_CONCAT(IF(c.column_key = 'PRI', c.column_name, NULL) ORDER BY s.seq_in_index) AS key_columns,
        GROUP_CONCAT(IF(c.column_key = 'PRI', NULL, c.column_name) ORDER BY c.ordinal_position) AS measures,
        GROUP_CONCAT(
            IF(c.column_key = 'PRI', NULL, CONCAT('-', c.column_name))
            ORDER BY c.ordinal_position) AS negated_measures,
        GROUP_CONCAT(
            IF(c.column_key = 'PRI', NULL, CONCAT('SUM(u.', c.column_name, ') AS ', c.column_name))
            ORDER BY c.ordinal_position) AS summed_measures,
        GROUP_CONCAT(
            IF(c.column_key = 'PRI', NULL,
                CONCAT('IF(x.', c.column_name, ' <> 0, ''', c.column_name, ''', NULL)'))
            ORDER BY c.ordinal_position) AS different_names,
        GROUP_CONCAT(
            IF(c.column_key = 'PRI', NULL, CONCAT('x.', c.column_name, ' <> 0'))
            ORDER BY c.ordinal_position SEPARATOR ' OR ') AS is_different
    FROM information_schema.columns AS c
    -- DISTINCT, so that it is read by itself: joined, it would be read of every schema of the
    -- server, and a change of a table in any of them fails that.
    LEFT JOIN (
        SELECT DISTINCT
            i.table_name,
            i.column_name,
            i.seq_in_index
        FROM information_schema.statistics AS i
        WHERE i.table_schema = DATABASE()
            AND i.index_name = 'PRIMARY'
    ) AS s
        ON s.table_name = c.table_name
        AND s.column_name = c.column_name
    WHERE c.table_schema = DATABASE()
        AND c.table_name IN (
            'metric_minute', 'metric_hour', 'metric_day', 'latency_minute', 'latency_hour',
            'latency_day', 'amount_day', 'account_day', 'account_window', 'customer_window', 'settlement_hour',
            'settlement_day', 'settlement_delay_day', 'login_hour')
    GROUP BY c.table_name;
END$$

DELIMITER ;
