DELIMITER $$

CREATE OR REPLACE PROCEDURE list_rollup_days(
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the temporary table rollup_days with the UTC days from in_from to in_to of which a
base table, archive, log, the quarantine or a rollup has anything, between the years 1000 and 4999,
which are those that rollups can hold. Needs READ COMMITTED.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_from DATETIME DEFAULT GREATEST(in_from, DATE'1000-01-01');
    DECLARE v_end DATETIME DEFAULT LEAST(in_to, DATE'4999-12-31') + INTERVAL 1 DAY;
    DECLARE v_number INT DEFAULT 0;
    DECLARE v_source VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    -- Every dimension and state, named so that an index that begins with it bounds the read.
    DECLARE v_metric VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin
        -- all dimensions: DEFAULT ' WHERE dimension IN ([''{name}''])';
        DEFAULT ' WHERE dimension IN (''all'', ''transaction_type'', ''merchant_category'', ''location'', ''device_type'', ''channel'', ''product'', ''acquirer'', ''card_scheme'', ''response_code'')';
        -- end

    -- Without NO_ZERO_DATE: base tables may hold 0000-00-00. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    DROP TEMPORARY TABLE IF EXISTS rollup_days;
    CREATE TEMPORARY TABLE rollup_days (
        rollup_date DATE NOT NULL,
        PRIMARY KEY (rollup_date)
    ) ENGINE = Aria TRANSACTIONAL = 0;

    WHILE v_number < 23 DO
        SET v_number = v_number + 1;
        SET v_source = ELT(
            v_number,
            'transactions', 'transactions_archive', 'settlements', 'settlements_archive',
            'login_activity', 'transaction_changes', 'settlement_changes', 'login_changes',
            'change_quarantine', 'change_quarantine', 'change_quarantine', 'metric_minute',
            'metric_hour', 'metric_day', 'latency_minute', 'latency_hour', 'latency_day',
            'amount_day', 'account_day', 'settlement_hour', 'settlement_day',
            'settlement_delay_day', 'login_hour');
        SET v_column = ELT(
            v_number,
            'transaction_time', 'transaction_time', 'due_at', 'due_at', 'login_time',
            'transaction_time', 'due_at', 'login_time', 'transaction_time', 'due_at', 'login_time',
            'metric_minute', 'metric_hour', 'metric_date', 'metric_minute', 'metric_hour',
            'metric_date', 'metric_date', 'activity_date', 'due_hour', 'due_date', 'due_date',
            'login_hour');
        EXECUTE IMMEDIATE CONCAT('
            INSERT IGNORE INTO rollup_days
            SELECT DISTINCT DATE(', v_column, ')
            FROM ', v_source,
            CASE
                WHEN v_source LIKE 'metric%' OR v_source LIKE 'latency%' THEN v_metric
                WHEN v_source = 'settlements'
                    THEN ' WHERE settlement_status IN (''pending'', ''settled'', ''failed'')'
                WHEN v_source = 'login_activity'
                    THEN ' WHERE login_status IN (''success'', ''failed'')'
                ELSE ' WHERE TRUE'
            END, '
                AND ', v_column, ' >= TIMESTAMP''', v_from, '''
                AND ', v_column, ' < TIMESTAMP''', v_end, '''
                AND DAY(', v_column, ') BETWEEN 1 AND DAY(LAST_DAY(', v_column, '))');
    END WHILE;
END$$

DELIMITER ;
