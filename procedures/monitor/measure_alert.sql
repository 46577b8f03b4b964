DELIMITER $$

CREATE OR REPLACE PROCEDURE measure_alert(
    IN in_alert_id BIGINT,
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_from DATETIME,
    IN in_to DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Stores with an alert of a metric what it concerns from in_from up to and without in_to
(UTC): payments, value and customers, and in alert_slices the members of other dimensions that
contribute most; leaves its payments in alert_payments.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_is_share TINYINT(1);
    DECLARE v_is_amount TINYINT(1);
    DECLARE v_sign INT;
    DECLARE v_expected DOUBLE;
    DECLARE v_payments DOUBLE;
    DECLARE v_value DECIMAL(21,4);
    DECLARE v_customers BIGINT;
    DECLARE v_cause VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT
        m.denominator IS NOT NULL OR m.series_source = 'latency',
        m.numerator LIKE '%\_amount',
        IF(JSON_VALUE(m.detector_parameters, '$.direction') = 'below', -1, 1)
    INTO v_is_share, v_is_amount, v_sign
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    SET v_expected = expected_share(in_metric, in_member, in_from, in_to);
    CALL collect_alert_payments(in_metric, in_member, in_from, in_to);
    CALL find_alert_slices(in_metric, in_from, v_expected);

    IF v_is_share THEN
        SELECT
            SUM(IF(v_sign > 0, p.numerator, p.denominator - p.numerator)),
            SUM(p.total_amount * IF(v_sign > 0, p.numerator, p.denominator - p.numerator)),
            COUNT(DISTINCT IF(
                IF(v_sign > 0, p.numerator, p.denominator - p.numerator) > 0, p.customer_id, NULL))
        INTO v_payments, v_value, v_customers
        FROM alert_payments AS p;
    ELSE
        -- What is missing of a count is nobody's in particular.
        SELECT
            v_sign * SUM(IF(p.is_before, -1, 1) * IF(v_is_amount, p.numerator <> 0, p.numerator)),
            v_sign * SUM(IF(p.is_before, -1, 1) * IF(p.numerator <> 0, p.total_amount, 0))
        INTO v_payments, v_value
        FROM alert_payments AS p;
    END IF;

    DELETE FROM alert_slices
    WHERE alert_id = in_alert_id;
    INSERT INTO alert_slices (
        alert_id,
        slice_number,
        dimension,
        member,
        observed_count,
        event_count,
        expected_count,
        explained_share,
        event_share
    )
    SELECT
        in_alert_id,
        ROW_NUMBER() OVER (
            ORDER BY r.explained_share - r.event_share DESC, r.dimension, r.member),
        r.dimension,
        r.member,
        r.observed_count,
        r.event_count,
        r.expected_count,
        r.explained_share,
        r.event_share
    FROM (
        SELECT
            c.dimension,
            c.member,
            c.observed_count,
            c.event_count,
            c.expected_count,
            v_sign * (c.observed_count - c.expected_count) / NULLIF(GREATEST(0, SUM(
                v_sign * (c.observed_count - c.expected_count)) OVER (PARTITION BY c.dimension)
            ), 0) AS explained_share,
            IF(v_is_share, c.event_count, c.expected_count) / NULLIF(SUM(
                IF(v_is_share, c.event_count, c.expected_count)) OVER (PARTITION BY c.dimension
            ), 0) AS event_share
        FROM slice_counts AS c
    ) AS r
    -- What contributes no more than its part says nothing of where it happens.
    WHERE r.explained_share >= 0.1
        AND r.explained_share - r.event_share >= 0.05
    ORDER BY r.explained_share - r.event_share DESC, r.dimension, r.member
    LIMIT 5;

    -- A cause is where most of it happens, and more than its part of the payments. The answer of
    -- the network says how it went wrong, not where.
    SELECT CONCAT(s.dimension, '=', s.member)
    INTO v_cause
    FROM alert_slices AS s
    WHERE s.alert_id = in_alert_id
        AND s.dimension <> 'response_code'
        AND s.explained_share >= 0.6
        AND s.explained_share - s.event_share >= 0.2
    ORDER BY s.slice_number
    LIMIT 1;
    UPDATE alerts AS a
    SET
        a.cause = v_cause,
        a.payments_affected = GREATEST(0, v_payments),
        a.value_at_stake = GREATEST(0, v_value),
        a.customers_affected = v_customers,
        a.affected_from = IF(v_payments IS NULL, NULL, in_from),
        a.affected_until = IF(v_payments IS NULL, NULL, in_to)
    WHERE a.alert_id = in_alert_id;
    DROP TEMPORARY TABLE slice_counts;
END$$

DELIMITER ;
