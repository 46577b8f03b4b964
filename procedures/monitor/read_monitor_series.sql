DELIMITER $$

CREATE OR REPLACE PROCEDURE read_monitor_series(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_from DATETIME,
    IN in_to DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'What a metric of the monitor counts, from in_from up to and without in_to (UTC). Result, by minute and member: metric_minute, member, numerator, denominator (NULL for a plain count or amount). Errors: 30002 argument, 30671 the metric does not exist or names no such column. Transaction: joins. Example: CALL read_monitor_series(''failed_rate'', ''2026-11-22 10:00:00'', ''2026-11-22 11:00:00'')'
BEGIN
    DECLARE v_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_bin INT;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_monitor_series: in_from and in_to are not a period';
    END IF;
    SELECT
        m.series_source,
        m.dimension,
        m.numerator,
        m.denominator
    INTO v_source, v_dimension, v_numerator, v_denominator
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    -- A name of a column becomes part of a statement: nothing else may.
    IF v_source IS NULL
        OR v_source = 'latency' AND v_numerator NOT REGEXP '^[0-9]{1,7}$'
        OR v_source = 'duplicates' AND v_numerator NOT REGEXP '^[0-9]{1,4}$'
        OR v_source = 'payments' AND 1 + (v_denominator IS NOT NULL) <> (
            SELECT COUNT(*)
            FROM information_schema.columns AS c
            WHERE c.table_schema = DATABASE()
                AND c.table_name = 'int_payment_minute'
                AND (c.column_name = v_numerator OR c.column_name = v_denominator)
                AND c.column_name REGEXP '_(count|amount|ms)$'
        )
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30671,
            MESSAGE_TEXT = 'read_monitor_series: the metric does not exist or names no such column';
    END IF;

    IF v_source = 'payments' THEN
        EXECUTE IMMEDIATE CONCAT(
            'SELECT p.metric_minute, p.member, p.', v_numerator, ' AS numerator, ',
            IF(v_denominator IS NULL, 'NULL', CONCAT('p.', v_denominator)), ' AS denominator',
            ' FROM int_payment_minute AS p',
            ' WHERE p.dimension = ? AND p.metric_minute >= ? AND p.metric_minute < ?',
            ' ORDER BY p.metric_minute, p.member')
        USING v_dimension, in_from, in_to;
    ELSEIF v_source = 'latency' AND v_dimension <> 'all' THEN
        -- The rollups hold durations by the minute for all payments together only.
        SELECT
            d.metric_minute,
            d.member,
            SUM(d.duration_ms > v_numerator) AS numerator,
            COUNT(*) AS denominator
        FROM (
            SELECT
                t.transaction_time - INTERVAL SECOND(t.transaction_time) SECOND AS metric_minute,
                CASE v_dimension
                    WHEN 'channel' THEN t.channel
                    WHEN 'acquirer' THEN t.acquirer
                    WHEN 'card_scheme' THEN t.card_scheme
                    WHEN 'transaction_type' THEN t.transaction_type
                END AS member,
                t.duration_ms
            FROM transactions AS t
            WHERE t.transaction_time >= in_from
                AND t.transaction_time < in_to
                AND t.duration_ms IS NOT NULL
        ) AS d
        WHERE d.member IS NOT NULL
        GROUP BY d.metric_minute, d.member
        ORDER BY d.metric_minute, d.member;
    ELSEIF v_source = 'latency' THEN
        -- The bin that holds the limit counts as fast.
        SET v_bin = CEIL(LN(v_numerator) / LN(1.05 / 0.95));
        SELECT
            l.metric_minute,
            'all' AS member,
            SUM(IF(l.latency_bin > v_bin, l.answered_count, 0)) AS numerator,
            SUM(l.answered_count) AS denominator
        FROM latency_minute AS l
        WHERE l.dimension = 'all'
            AND l.metric_minute >= in_from
            AND l.metric_minute < in_to
        GROUP BY l.metric_minute
        ORDER BY l.metric_minute;
    ELSEIF v_source = 'settlements' THEN
        SELECT
            h.due_hour AS metric_minute,
            h.rail AS member,
            h.item_count - h.on_time_count AS numerator,
            h.item_count AS denominator
        FROM settlement_hour AS h
        WHERE h.due_hour >= in_from
            AND h.due_hour < in_to
        ORDER BY h.due_hour, h.rail;
    ELSEIF v_source = 'duplicates' THEN
        -- Of payments that were not refused: those that an account made to the same party over the
        -- same amount as one shortly before. What was refused is rightly tried again.
        SELECT
            d.metric_minute,
            'all' AS member,
            SUM(COALESCE(d.pause_seconds <= v_numerator, 0)) AS numerator,
            COUNT(*) AS denominator
        FROM (
            SELECT
                t.transaction_time,
                t.transaction_time - INTERVAL SECOND(t.transaction_time) SECOND AS metric_minute,
                TIMESTAMPDIFF(
                    SECOND,
                    LAG(t.transaction_time) OVER (
                        PARTITION BY
                            t.account_id,
                            t.transaction_type,
                            t.currency,
                            t.transaction_amount,
                            t.merchant_category,
                            t.counterparty_account_id,
                            t.counterparty_iban,
                            t.counterparty_handle
                        ORDER BY t.transaction_time, t.transaction_id
                    ),
                    t.transaction_time) AS pause_seconds
            FROM transactions AS t
            WHERE t.transaction_time >= in_from - INTERVAL v_numerator SECOND
                AND t.transaction_time < in_to
                AND t.status NOT IN ('failed', 'denied', 'cancelled')
        ) AS d
        WHERE d.transaction_time >= in_from
        GROUP BY d.metric_minute
        ORDER BY d.metric_minute;
    ELSE
        SELECT
            l.login_minute AS metric_minute,
            'all' AS member,
            SUM(l.failed_count) AS numerator,
            SUM(l.total_count) AS denominator
        FROM (
            SELECT
                i.login_time - INTERVAL SECOND(i.login_time) SECOND AS login_minute,
                1 AS failed_count,
                1 AS total_count
            FROM login_activity AS i
            WHERE i.login_status = 'failed'
                AND i.login_time >= in_from
                AND i.login_time < in_to
            UNION ALL
            SELECT
                i.login_time - INTERVAL SECOND(i.login_time) SECOND,
                0,
                1
            FROM login_activity AS i
            WHERE i.login_status = 'success'
                AND i.login_time >= in_from
                AND i.login_time < in_to
        ) AS l
        GROUP BY l.login_minute
        ORDER BY l.login_minute;
    END IF;
END$$

DELIMITER ;
