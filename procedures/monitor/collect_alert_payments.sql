DELIMITER $$

CREATE OR REPLACE PROCEDURE collect_alert_payments(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_from DATETIME,
    IN in_to DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the temporary table alert_payments with the payments of a series from in_from up to
and without in_to (UTC), at most the latest 100,000: what the metric counts of each, amount,
customer and dimensions; of a count or amount also those of a week before. Empty for metrics of
anything but payments.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_bin INT;
    DECLARE v_weeks INT DEFAULT 0;
    DECLARE v_more VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin DEFAULT '';
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    DROP TEMPORARY TABLE IF EXISTS alert_payments;
    CREATE TEMPORARY TABLE alert_payments (
        is_before TINYINT NOT NULL,
        numerator DOUBLE NOT NULL,
        denominator DOUBLE NOT NULL,
        total_amount DECIMAL(19,4) NOT NULL,
        customer_id BIGINT NOT NULL,
        -- each dimension but all:
        --     {column} VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        transaction_type VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        merchant_category VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        device_type VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        channel VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        product VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        acquirer VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        card_scheme VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        response_code VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        -- end
    );
    SELECT
        m.series_source,
        m.dimension,
        m.numerator,
        m.denominator
    INTO v_source, v_dimension, v_numerator, v_denominator
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    -- A name of a column becomes part of a statement: nothing else may.
    IF v_source IN ('payments', 'latency', 'duplicates')
        AND CONCAT(v_dimension, v_numerator, COALESCE(v_denominator, '')) REGEXP '^[a-z0-9_]+$'
    THEN
        IF v_source = 'latency' THEN
            -- The bin that holds the limit counts as fast; a percentile is compared with what is
            -- normal for it.
            IF v_numerator = 'sla' THEN
                SELECT p.target_bin
                INTO v_bin
                FROM int_latency_policy AS p
                WHERE p.scope_dimension = v_dimension
                    AND p.scope_member = in_member;
            ELSEIF v_numerator NOT REGEXP '^[0-9]+$' THEN
                SELECT AVG(p.upper_value)
                INTO v_numerator
                FROM monitor_points AS p
                WHERE p.metric_name = in_metric
                    AND p.member = in_member
                    AND p.metric_minute >= in_from
                    AND p.metric_minute < in_to;
            END IF;
            SET v_bin = COALESCE(
                v_bin, CEIL(LN(GREATEST(1, COALESCE(v_numerator, 1))) / LN(1.05 / 0.95)));
            SET v_numerator = CONCAT('COALESCE(e.latency_bin > ', v_bin, ', 0)');
            SET v_denominator = 'e.answered_count';
        ELSEIF v_source = 'duplicates' THEN
            CALL collect_repeated_payments(in_from, in_to, v_numerator);
            SET v_more = ' INNER JOIN repeated_payments AS d ON d.transaction_id = e.transaction_id';
            SET v_numerator = 'd.is_repeated';
            SET v_denominator = '1';
        ELSE
            SET v_weeks = v_denominator IS NULL;
            SET v_numerator = CONCAT('e.', v_numerator);
            SET v_denominator = COALESCE(CONCAT('e.', v_denominator), 'e.total_count');
        END IF;
        WHILE v_weeks >= 0 DO
            EXECUTE IMMEDIATE CONCAT(
                'INSERT INTO alert_payments SELECT ', v_weeks, ', ', v_numerator, ', ',
                v_denominator, ', e.total_amount, e.customer_id',
                -- each dimension but all, in rows: ', e.{name}',
                ', e.transaction_type', ', e.merchant_category', ', e.location', ', e.device_type',
                ', e.channel', ', e.product', ', e.acquirer', ', e.card_scheme',
                ', e.response_code',
                -- end
                ' FROM int_payment_event AS e', v_more,
                ' WHERE e.transaction_time >= ? AND e.transaction_time < ?',
                IF(v_dimension = 'all', ' AND ? IS NOT NULL',
                    CONCAT(' AND e.', v_dimension, ' = ?')),
                ' ORDER BY e.transaction_time DESC LIMIT 100000')
            USING in_from - INTERVAL v_weeks WEEK, in_to - INTERVAL v_weeks WEEK, in_member;
            SET v_weeks = v_weeks - 1;
        END WHILE;
        DROP TEMPORARY TABLE IF EXISTS repeated_payments;
    END IF;
END$$

DELIMITER ;
