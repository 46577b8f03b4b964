DELIMITER $$

CREATE OR REPLACE PROCEDURE compare_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes into the temporary table rollup_differences every key of the rollups of one UTC day
whose columns differ from the delta_... tables.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_day VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT CONCAT('DATE''', in_date, '''');
    DECLARE v_next VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT CONCAT('DATE''', in_date + INTERVAL 1 DAY, '''');
    DECLARE v_detail_from VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT (SELECT CONCAT('DATE''', s.detail_from_date, '''') FROM rollup_state AS s WHERE s.state_id = 1);
    -- Every dimension, named so that the primary key bounds the read.
    DECLARE v_metric VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin
        -- all dimensions: DEFAULT 'dimension IN ([''{name}'']) AND ';
        DEFAULT 'dimension IN (''all'', ''transaction_type'', ''merchant_category'', ''location'', ''device_type'', ''channel'', ''product'', ''acquirer'', ''card_scheme'', ''response_code'') AND ';
        -- end
    DECLARE v_route VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin
        -- all route dimensions: DEFAULT 'dimension IN ([''{name}'']) AND ';
        DEFAULT 'dimension IN (''all'', ''transaction_type'', ''channel'', ''acquirer'', ''card_scheme'') AND ';
        -- end

    CALL compare_rollup(
        'metric_minute', 'dimension, metric_minute, member',
        CONCAT('delta_metric WHERE dimension = ''all'' OR metric_minute >= ', v_detail_from),
        CONCAT(v_metric, 'metric_minute >= ', v_day, ' AND metric_minute < ', v_next));
    CALL compare_rollup(
        'metric_hour',
        'dimension, metric_minute - INTERVAL MINUTE(metric_minute) MINUTE AS metric_hour, member',
        'delta_metric',
        CONCAT(v_metric, 'metric_hour >= ', v_day, ' AND metric_hour < ', v_next));
    CALL compare_rollup(
        'metric_day', 'dimension, DATE(metric_minute) AS metric_date, member', 'delta_metric',
        CONCAT(v_metric, 'metric_date = ', v_day));
    CALL compare_rollup(
        'latency_minute', '''all'' AS dimension, metric_minute, ''all'' AS member, latency_bin',
        'delta_latency_minute',
        CONCAT(
            'dimension = ''all'' AND metric_minute >= ', v_day, ' AND metric_minute < ', v_next));
    CALL compare_rollup(
        'latency_hour', 'dimension, metric_hour, member, latency_bin',
        CONCAT('delta_latency WHERE dimension = ''all'' OR metric_hour >= ', v_detail_from),
        CONCAT(v_route, 'metric_hour >= ', v_day, ' AND metric_hour < ', v_next));
    CALL compare_rollup(
        'latency_day', 'dimension, DATE(metric_hour) AS metric_date, member, latency_bin',
        'delta_latency', CONCAT(v_route, 'metric_date = ', v_day));
    CALL compare_rollup(
        'amount_day', 'metric_date, amount_bin', 'delta_amount_day',
        CONCAT('metric_date = ', v_day));
    CALL compare_rollup(
        'account_day', 'activity_date, account_id', 'delta_account_day',
        CONCAT('activity_date = ', v_day));
    CALL compare_rollup(
        'settlement_hour', 'rail, due_hour', 'delta_settlement',
        CONCAT('due_hour >= ', v_day, ' AND due_hour < ', v_next));
    CALL compare_rollup(
        'settlement_day', 'rail, DATE(due_hour) AS due_date', 'delta_settlement',
        CONCAT('due_date = ', v_day));
    CALL compare_rollup(
        'settlement_delay_day', 'rail, due_date, delay_bin', 'delta_settlement_delay',
        CONCAT('due_date = ', v_day));
    CALL compare_rollup(
        'login_hour', 'login_hour', 'delta_login',
        CONCAT('login_hour >= ', v_day, ' AND login_hour < ', v_next));
END$$

DELIMITER ;
