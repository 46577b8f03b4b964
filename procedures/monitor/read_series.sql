DELIMITER $$

CREATE OR REPLACE PROCEDURE read_series(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    IN in_from DATETIME,
    IN in_to DATETIME,
    IN in_points INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'A series of the monitor in at most in_points buckets, for a chart: no step is left out, the
worst verdict of its steps stands for a bucket. Before the first step that is kept (setting
detail_days) the hours of the rollups stand in, without band and verdict.
Parameters:
    in_metric, in_member: the series, as in monitor_now
    in_from, in_to: period (UTC), in_to not included, at most 3,660 days
    in_points: most buckets, 2 to 5,000
Result: by bucket bucket_from (UTC), grain (step, hour, both), point_count, minimum_value,
    mean_value (of a share the events of all steps count alike), maximum_value, expected_value,
    lower_value, upper_value (means over its steps; NULL for hours), anomalous_count, worst_verdict
    (anomalous before normal before no_verdict; NULL for hours). Values have seven digits. A count or
    an amount of an hour is its mean over the steps of the hour. Then one row: metric_name, member,
    step_minutes, bucket_minutes, band_from (first step that is kept, NULL without one), and
    has_hours, 0 where no rollup keeps the metric by the hour, and unit (ratio, ms, amount, number).
Errors: 30002 argument, 30671 the metric does not exist or names no such column.
Transaction: joins.
Example: CALL read_series(''failed_rate'', ''all'', ''2026-08-24'', ''2026-11-22'', 400)'
BEGIN
    DECLARE v_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_step INT;
    DECLARE v_width INT;
    DECLARE v_first DATETIME;
    DECLARE v_hours_to DATETIME;
    DECLARE v_target INT;
    DECLARE v_hours TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_digits VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT 'COALESCE(ROUND(#, LEAST(15, 6 - FLOOR(LOG10(NULLIF(ABS(#), 0))))), #)';
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    IF in_from IS NULL OR in_to IS NULL OR in_to <= in_from
        OR in_to > in_from + INTERVAL 3660 DAY
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_series: in_from and in_to are not a period of at most 3,660 days';
    END IF;
    IF in_points IS NULL OR in_points NOT BETWEEN 2 AND 5000 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_series: in_points is not from 2 to 5,000';
    END IF;
    IF in_member IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_series: in_member is NULL';
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
            MESSAGE_TEXT = 'read_series: the metric does not exist or names no such column';
    END IF;

    -- Buckets begin at multiples of their width since 1970, so that a period that moves on keeps
    -- them; one more than fits into the period, since its ends may cut two.
    SET v_width = v_step * CEIL(
        CEIL(TIMESTAMPDIFF(SECOND, in_from, in_to) / 60) / (in_points - 1) / v_step);
    -- By the key: MIN would read every step of the series.
    SELECT p.metric_minute
    INTO v_first
    FROM monitor_points AS p
    WHERE p.metric_name = in_metric
        AND p.member = in_member
    ORDER BY p.metric_minute
    LIMIT 1;
    SET v_hours_to = LEAST(
        in_to,
        COALESCE(v_first - INTERVAL TIME_TO_SEC(TIME(v_first)) MOD 3600 SECOND, in_to));

    IF v_source = 'payments' THEN
        SET v_hours = CONCAT(
            'SELECT p.metric_hour AS point_at, p.', v_numerator, ' AS numerator, ',
            IF(v_denominator IS NULL, 'NULL', CONCAT('p.', v_denominator)), ' AS denominator, ',
            v_step, ' / 60e0 AS step_share FROM int_payment_hour AS p'
            ' WHERE p.dimension = ? AND p.member = ? AND p.metric_hour >= ? AND p.metric_hour < ?');
    ELSEIF v_source = 'imports' THEN
        -- As literals, which are pushed into the view, as parameters are not.
        SET v_hours = CONCAT(
            'SELECT i.metric_minute - INTERVAL MINUTE(i.metric_minute) MINUTE AS point_at, SUM(i.',
            v_numerator, ') AS numerator, ',
            IF(v_denominator IS NULL, 'NULL', CONCAT('SUM(i.', v_denominator, ')')),
            ' AS denominator, ', v_step, ' / 60e0 AS step_share FROM monitor_minute AS i'
            ' WHERE i.source_name = CONVERT(_utf8mb4 X''', HEX(in_member), ''' USING ascii)',
            ' AND i.source_name <> ''live''',
            ' AND i.metric_minute >= TIMESTAMP''', in_from, '''',
            ' AND i.metric_minute < TIMESTAMP''', v_hours_to, '''',
            ' AND ? IS NOT NULL AND ? IS NOT NULL AND ? IS NOT NULL AND ? IS NOT NULL',
            ' GROUP BY point_at');
    ELSEIF v_source = 'logins' THEN
        SET v_hours = 'SELECT l.login_hour AS point_at, l.failed_count AS numerator,
            l.login_count AS denominator, 1 AS step_share FROM login_hour AS l
            WHERE ''all'' = ? AND ''all'' = ? AND l.login_hour >= ? AND l.login_hour < ?';
    ELSEIF v_source = 'settlements' THEN
        SET v_hours = 'SELECT h.due_hour AS point_at, h.item_count - h.on_time_count AS numerator,
            h.item_count AS denominator, 1 AS step_share FROM settlement_hour AS h
            WHERE ''rail'' = ? AND h.rail = ? AND h.due_hour >= ? AND h.due_hour < ?';
    ELSEIF v_source = 'gauges' AND v_numerator IN (
        'open_count', 'open_amount', 'over_age_count', 'overdue_count', 'overdue_amount')
    THEN
        SET v_hours = CONCAT(
            'SELECT b.sample_hour AS point_at, b.',
            CASE v_numerator
                WHEN 'overdue_count' THEN 'over_age_count'
                WHEN 'overdue_amount' THEN 'over_age_amount'
                ELSE v_numerator END,
            ' AS numerator, NULL AS denominator, 1 AS step_share FROM backlog_samples AS b'
            ' WHERE b.stock = IF(? = ''rail'', ''settlement'', ''payment'') AND b.member = ?'
            ' AND b.sample_hour >= ? AND b.sample_hour < ?');
    ELSEIF v_source = 'latency' AND v_numerator REGEXP '^([0-9]{1,7}|sla)$' THEN
        IF v_numerator = 'sla' THEN
            SELECT p.target_bin
            INTO v_target
            FROM int_latency_policy AS p
            WHERE p.scope_dimension = v_dimension
                AND p.scope_member = in_member;
        ELSE
            SET v_target = CEIL(LN(v_numerator) / LN(1.05 / 0.95));
        END IF;
        SET v_hours = CONCAT(
            'SELECT l.metric_hour AS point_at, SUM(IF(l.latency_bin > ', COALESCE(v_target, 'NULL'),
            ', l.answered_count, 0)) AS numerator, SUM(l.answered_count) AS denominator,
            1 AS step_share FROM latency_hour AS l
            WHERE l.dimension = ? AND l.member = ? AND l.metric_hour >= ? AND l.metric_hour < ? AND ',
            v_target IS NOT NULL, ' GROUP BY l.metric_hour');
    END IF;

    EXECUTE IMMEDIATE CONCAT('
        SELECT
            TIMESTAMP''1970-01-01 00:00:00'' + INTERVAL b.bucket_number * ', v_width, ' MINUTE
                AS bucket_from,
            IF(b.step_count = 0, ''hour'', IF(b.step_count = b.point_count, ''step'', ''both''))
                AS grain,
            CAST(b.point_count AS SIGNED) AS point_count, ',
        REPLACE(v_digits, '#', 'b.minimum_value'), ' AS minimum_value, ',
        REPLACE(v_digits, '#', 'b.mean_value'), ' AS mean_value, ',
        REPLACE(v_digits, '#', 'b.maximum_value'), ' AS maximum_value, ',
        REPLACE(v_digits, '#', 'b.expected_value'), ' AS expected_value, ',
        REPLACE(v_digits, '#', 'b.lower_value'), ' AS lower_value, ',
        REPLACE(v_digits, '#', 'b.upper_value'), ' AS upper_value,
            CAST(b.anomalous_count AS SIGNED) AS anomalous_count,
            CASE b.worst_rank WHEN 3 THEN ''anomalous'' WHEN 2 THEN ''normal''
                WHEN 1 THEN ''no_verdict'' END AS worst_verdict
        FROM (
            SELECT
                s.bucket_number,
                SUM(s.point_count) AS point_count,
                SUM(s.step_count) AS step_count,
                MIN(s.minimum_value) AS minimum_value,
                COALESCE(
                    SUM(s.weighted_sum) / NULLIF(SUM(s.weight), 0),
                    SUM(s.value_sum) / NULLIF(SUM(s.value_count), 0)) AS mean_value,
                MAX(s.maximum_value) AS maximum_value,
                MAX(s.expected_value) AS expected_value,
                MAX(s.lower_value) AS lower_value,
                MAX(s.upper_value) AS upper_value,
                MAX(s.anomalous_count) AS anomalous_count,
                MAX(s.worst_rank) AS worst_rank
            FROM (
                SELECT
                    TIMESTAMPDIFF(MINUTE, ''1970-01-01'', p.metric_minute) DIV ', v_width,
        '               AS bucket_number,
                    COUNT(*) AS point_count,
                    COUNT(*) AS step_count,
                    MIN(p.observed_value) AS minimum_value,
                    SUM(p.observed_value * p.event_count) AS weighted_sum,
                    SUM(IF(p.observed_value IS NULL, 0, p.event_count)) AS weight,
                    SUM(p.observed_value) AS value_sum,
                    COUNT(p.observed_value) AS value_count,
                    MAX(p.observed_value) AS maximum_value,
                    AVG(p.expected_value) AS expected_value,
                    AVG(p.lower_value) AS lower_value,
                    AVG(p.upper_value) AS upper_value,
                    SUM(p.verdict = ''anomalous'') AS anomalous_count,
                    MAX(FIELD(p.verdict, ''no_verdict'', ''normal'', ''anomalous''))
                        AS worst_rank
                FROM monitor_points AS p
                WHERE p.metric_name = ?
                    AND p.member = ?
                    AND p.metric_minute >= ?
                    AND p.metric_minute < ?
                GROUP BY bucket_number
                UNION ALL
                SELECT
                    v.bucket_number,
                    COUNT(*),
                    0,
                    MIN(v.point_value),
                    SUM(v.point_value * v.denominator),
                    SUM(IF(v.point_value IS NULL, 0, v.denominator)),
                    SUM(v.point_value),
                    COUNT(v.point_value),
                    MAX(v.point_value),
                    NULL,
                    NULL,
                    NULL,
                    NULL,
                    NULL
                FROM (
                    SELECT
                        TIMESTAMPDIFF(MINUTE, ''1970-01-01'', h.point_at) DIV ', v_width,
        '                   AS bucket_number,
                        0e0 + ', IF(
            v_denominator IS NULL, 'h.numerator * h.step_share',
            '1e0 * h.numerator / NULLIF(h.denominator, 0)'), ' AS point_value,
                        0e0 + h.denominator AS denominator
                    FROM (', COALESCE(
            v_hours,
            'SELECT NULL AS point_at, NULL AS numerator, NULL AS denominator, NULL AS step_share
            FROM rollup_state AS n
            WHERE 1 = 0 AND ? IS NULL AND ? IS NULL AND ? IS NULL AND ? IS NULL'),
        '           ) AS h
                ) AS v
                GROUP BY v.bucket_number
            ) AS s
            GROUP BY s.bucket_number
        ) AS b
        ORDER BY b.bucket_number')
    USING in_metric, in_member, in_from, in_to, v_dimension, in_member, in_from, v_hours_to;

    SELECT
        in_metric AS metric_name,
        in_member AS member,
        v_step AS step_minutes,
        v_width AS bucket_minutes,
        v_first AS band_from,
        (v_hours IS NOT NULL) AS has_hours,
        CASE
            WHEN v_source = 'latency' AND v_numerator LIKE 'p__' THEN 'ms'
            WHEN v_source = 'latency' OR v_denominator IS NOT NULL THEN 'ratio'
            WHEN v_numerator LIKE '%amount%' THEN 'amount'
            ELSE 'number'
        END AS unit;
END$$

DELIMITER ;
