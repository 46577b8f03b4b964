DELIMITER $$

CREATE OR REPLACE PROCEDURE find_alert_slices(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_from DATETIME,
    IN in_expected DOUBLE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the temporary table slice_counts: for each member of each dimension that
alert_payments holds, what was counted and what was to be expected: of a share that of the member
over 14 days before, of a part of a series in_expected, of a count that of a week before.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_own VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_number INT DEFAULT 0;
    DECLARE v_rates VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin;

    DROP TEMPORARY TABLE IF EXISTS slice_counts;
    CREATE TEMPORARY TABLE slice_counts (
        dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        observed_count DOUBLE NOT NULL,
        event_count DOUBLE NOT NULL,
        expected_count DOUBLE NOT NULL
    );
    SELECT
        m.series_source,
        m.dimension,
        m.numerator,
        m.denominator
    INTO v_source, v_own, v_numerator, v_denominator
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    -- all dimensions but all: WHILE v_number < {count} DO
    WHILE v_number < 9 DO
    -- end
        SET v_number = v_number + 1;
        SET v_dimension = ELT(v_number,
            -- each dimension but all, in rows: '{name}'
            'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
            -- end
        );
        IF v_dimension <> v_own THEN
            -- Rollups know each dimension by itself, not two of them crossed. The answer of the
            -- network is part of what went wrong: what is usual of it is no measure.
            SET v_rates = IF(
                v_own = 'all' AND v_source = 'payments' AND v_denominator IS NOT NULL
                    AND v_dimension <> 'response_code',
                CONCAT(
                    '(SELECT d.member, SUM(d.', v_numerator, ') / NULLIF(SUM(d.', v_denominator,
                    '), 0) AS rate FROM int_payment_day AS d WHERE d.dimension = ''', v_dimension,
                    ''' AND d.metric_date >= DATE(?) - INTERVAL 14 DAY AND d.metric_date < DATE(?)',
                    ' GROUP BY d.member)'),
                '(SELECT NULL AS member, NULL AS rate FROM DUAL WHERE ? > ?)');
            EXECUTE IMMEDIATE CONCAT(
                'INSERT INTO slice_counts SELECT ''', v_dimension, ''', s.member, s.observed,',
                ' s.events, IF(?, s.events * COALESCE(r.rate, ?, 0), s.before_count)',
                ' FROM (SELECT p.', v_dimension, ' AS member,',
                ' SUM(IF(p.is_before, 0, p.numerator)) AS observed,',
                ' SUM(IF(p.is_before, 0, p.denominator)) AS events,',
                ' SUM(IF(p.is_before, p.numerator, 0)) AS before_count',
                ' FROM alert_payments AS p GROUP BY p.', v_dimension, ') AS s',
                ' LEFT JOIN ', v_rates, ' AS r ON r.member = s.member')
            USING v_denominator IS NOT NULL, in_expected, in_from, in_from;
        END IF;
    END WHILE;
END$$

DELIMITER ;
