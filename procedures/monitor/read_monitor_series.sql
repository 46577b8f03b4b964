DELIMITER $$

CREATE OR REPLACE PROCEDURE read_monitor_series(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_from DATETIME,
    IN in_to DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'What a metric of the monitor counts, from in_from up to and without in_to (UTC). Result,
by minute and member: metric_minute, member, numerator, denominator (NULL for a plain count or
amount).
Errors: 30002 argument, 30671 the metric does not exist or names no such column.
Transaction: joins.
Example: CALL read_monitor_series(''failed_rate'', ''2026-11-22 10:00:00'', ''2026-11-22
    11:00:00'')'
BEGIN
    DECLARE v_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_step INT;
    DECLARE v_member VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_sources MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin DEFAULT 'NULL';
    DECLARE v_bins VARCHAR(600) CHARACTER SET ascii COLLATE ascii_bin;
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
        m.denominator,
        m.step_minutes
    INTO v_source, v_dimension, v_numerator, v_denominator, v_step
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    -- A name of a column becomes part of a statement: nothing else may.
    IF v_source IS NULL
        OR v_source = 'latency' AND v_numerator NOT REGEXP '^([0-9]{1,7}|p[1-9][0-9]?|sla)$'
        OR v_source = 'latency' AND v_dimension NOT IN (
            -- each route dimension, in rows: '{name}'
            'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme'
            -- end
        )
        OR v_source = 'duplicates' AND v_numerator NOT REGEXP '^[0-9]{1,4}$'
        OR v_source = 'imports' AND v_dimension <> 'source'
        OR v_source IN ('payments', 'imports') AND 1 + (v_denominator IS NOT NULL) <> (
            SELECT COUNT(*)
            FROM information_schema.columns AS c
            WHERE c.table_schema = DATABASE()
                AND c.table_name = IF(
                    v_source = 'imports', 'monitor_minute', 'int_payment_minute')
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
    ELSEIF v_source = 'imports' THEN
        -- Live payments have metrics of their own. With sources and minutes as literals, which are
        -- pushed into the view, as parameters are not, only the rows asked for are read.
        SELECT MIN(c.source_name)
        INTO v_member
        FROM imported_status_counts AS c;
        WHILE v_member IS NOT NULL DO
            SET v_sources = CONCAT(v_sources, ', _ascii X''', HEX(v_member), '''');
            SELECT MIN(c.source_name)
            INTO v_member
            FROM imported_status_counts AS c
            WHERE c.source_name > v_member;
        END WHILE;
        EXECUTE IMMEDIATE CONCAT(
            'SELECT i.metric_minute, i.source_name AS member, i.', v_numerator, ' AS numerator, ',
            IF(v_denominator IS NULL, 'NULL', CONCAT('i.', v_denominator)), ' AS denominator',
            ' FROM monitor_minute AS i',
            ' WHERE i.source_name IN (', v_sources, ') AND i.source_name <> ''live''',
            ' AND i.metric_minute >= TIMESTAMP''', in_from, '''',
            ' AND i.metric_minute < TIMESTAMP''', in_to, '''',
            ' ORDER BY i.metric_minute, i.source_name');
    ELSEIF v_source = 'gauges' THEN
        SELECT
            g.sample_minute AS metric_minute,
            g.member,
            g.gauge_value AS numerator,
            NULL AS denominator
        FROM monitor_gauges AS g
        WHERE g.gauge_name = v_numerator
            AND g.sample_minute >= in_from
            AND g.sample_minute < in_to
        ORDER BY g.sample_minute, g.member;
    ELSEIF v_source = 'latency' THEN
        -- Rollups keep minutes of all payments together, hours of each part of a route.
        SET v_bins = CASE
            WHEN v_dimension = 'all' THEN
                'SELECT l.metric_minute, ''all'' AS member, l.latency_bin, l.answered_count
                FROM latency_minute AS l
                WHERE l.dimension = ? AND l.metric_minute >= ? AND l.metric_minute < ?'
            WHEN v_step MOD 60 = 0 THEN
                'SELECT l.metric_hour AS metric_minute, l.member, l.latency_bin, l.answered_count
                FROM latency_hour AS l
                WHERE l.dimension = ? AND l.metric_hour >= ? AND l.metric_hour < ?'
            ELSE CONCAT(
                'SELECT t.transaction_time - INTERVAL SECOND(t.transaction_time) SECOND
                    AS metric_minute, t.', v_dimension, ' AS member, t.latency_bin,
                    1 AS answered_count
                FROM transactions AS t
                WHERE ? IS NOT NULL AND t.transaction_time >= ? AND t.transaction_time < ?
                    AND t.latency_bin IS NOT NULL AND t.', v_dimension, ' IS NOT NULL')
            END;
        IF v_numerator LIKE 'p%' THEN
            -- Percentiles do not add up over minutes as counts do: one row for a step.
            EXECUTE IMMEDIATE CONCAT('
                SELECT
                    ''1970-01-01 00:00:00'' + INTERVAL c.step_number * ', v_step, ' MINUTE
                        AS metric_minute,
                    c.member,
                    2 / (1.05 / 0.95 + 1) * POW(1.05 / 0.95, MIN(c.latency_bin)) AS numerator,
                    NULL AS denominator
                FROM (
                    SELECT
                        s.step_number,
                        s.member,
                        s.latency_bin,
                        SUM(s.answered_count) OVER (
                            PARTITION BY s.step_number, s.member ORDER BY s.latency_bin
                        ) AS reached_count,
                        SUM(s.answered_count) OVER (
                            PARTITION BY s.step_number, s.member
                        ) AS step_count
                    FROM (
                        SELECT
                            TIMESTAMPDIFF(MINUTE, ''1970-01-01'', m.metric_minute) DIV ', v_step, '
                                AS step_number,
                            m.member,
                            m.latency_bin,
                            SUM(m.answered_count) AS answered_count
                        FROM (', v_bins, ') AS m
                        GROUP BY step_number, m.member, m.latency_bin
                    ) AS s
                ) AS c
                WHERE c.step_count > 0
                    AND c.reached_count >= c.step_count * ', SUBSTRING(v_numerator, 2), ' / 100
                GROUP BY c.step_number, c.member
                ORDER BY c.step_number, c.member')
            USING v_dimension, in_from, in_to;
        ELSE
            -- The bin that holds the limit counts as fast. Of members without a policy nothing is
            -- agreed.
            EXECUTE IMMEDIATE CONCAT('
                SELECT
                    m.metric_minute,
                    m.member,
                    SUM(IF(m.latency_bin > ', IF(v_numerator = 'sla', 'p.target_bin',
                        CEIL(LN(v_numerator) / LN(1.05 / 0.95))), ', m.answered_count, 0))
                        AS numerator,
                    SUM(m.answered_count) AS denominator
                FROM (', v_bins, ') AS m
                LEFT JOIN int_latency_policy AS p
                    ON p.scope_dimension = ? AND p.scope_member = m.member
                ', IF(v_numerator = 'sla', 'WHERE p.target_bin IS NOT NULL', ''), '
                GROUP BY m.metric_minute, m.member
                ORDER BY m.metric_minute, m.member')
            USING v_dimension, in_from, in_to, v_dimension;
        END IF;
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
        CALL collect_repeated_payments(in_from, in_to, v_numerator);
        SELECT
            d.metric_minute,
            'all' AS member,
            SUM(d.is_repeated) AS numerator,
            COUNT(*) AS denominator
        FROM repeated_payments AS d
        GROUP BY d.metric_minute
        ORDER BY d.metric_minute;
        DROP TEMPORARY TABLE repeated_payments;
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
