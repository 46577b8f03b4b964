DELIMITER $$

CREATE OR REPLACE PROCEDURE find_parent_alert(
    IN in_alert_id BIGINT,
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_since DATETIME,
    IN in_until DATETIME,
    OUT out_parent_alert_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'The open alert that explains an alert of a metric, NULL for none: of a member of another
dimension without whose payments at least 70 percent of the departure is gone, of the same member,
or over all payments with a cause in common. Reads alert_payments.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_groups BIGINT UNSIGNED;
    DECLARE v_is_share TINYINT(1);
    DECLARE v_expected DOUBLE;
    DECLARE v_total DOUBLE;
    DECLARE v_best DOUBLE DEFAULT 0.7;
    DECLARE v_head_id BIGINT;
    DECLARE v_head_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_head_member VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_head_groups BIGINT UNSIGNED;
    DECLARE v_done TINYINT(1) DEFAULT 0;
    DECLARE c_heads CURSOR FOR
        SELECT
            h.alert_id,
            m.dimension,
            h.alert_subject,
            m.cause_groups + 0
        FROM alerts AS h
        INNER JOIN monitor_metrics AS m ON h.alert_rule = CONCAT('monitor_', m.metric_name)
        WHERE h.open_key IS NOT NULL
            AND h.parent_alert_id IS NULL
            AND h.alert_id <> in_alert_id
            AND h.raised_at <= in_since + INTERVAL 15 MINUTE
        ORDER BY h.alert_id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;

    SET out_parent_alert_id = NULL;
    SELECT
        m.dimension,
        m.cause_groups + 0,
        m.denominator IS NOT NULL OR m.series_source = 'latency'
    INTO v_dimension, v_groups, v_is_share
    FROM monitor_metrics AS m
    WHERE m.metric_name = in_metric;
    SET v_expected = COALESCE(expected_share(in_metric, in_member, in_since, in_until), 0);
    SELECT SUM(IF(
        v_is_share, p.numerator - v_expected * p.denominator, IF(p.is_before, -1, 1) * p.numerator))
    INTO v_total
    FROM alert_payments AS p;

    OPEN c_heads;
    heads: LOOP
        SET v_done = 0;
        FETCH c_heads INTO v_head_id, v_head_dimension, v_head_member, v_head_groups;
        IF v_done THEN
            LEAVE heads;
        END IF;
        IF v_head_dimension IN ('all', v_dimension) THEN
            -- Part of what is wrong with all, or the same payments looked at in another way.
            IF v_head_dimension = 'all' AND v_head_groups & v_groups > 0
                OR v_head_dimension <> 'all' AND v_head_member = in_member
            THEN
                SET out_parent_alert_id = COALESCE(out_parent_alert_id, v_head_id);
            END IF;
        ELSEIF v_total <> 0
            AND v_head_dimension IN (
                -- each dimension but all, in rows: '{name}'
                'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
                'product', 'acquirer', 'card_scheme', 'response_code'
                -- end
            )
        THEN
            -- How much of the departure is left without the payments of the other one.
            EXECUTE IMMEDIATE CONCAT(
                'SELECT COALESCE(SUM(IF(?, p.numerator - ? * p.denominator,',
                ' IF(p.is_before, -1, 1) * p.numerator)), 0) INTO @payops_left',
                ' FROM alert_payments AS p WHERE p.', v_head_dimension, ' <> ?')
            USING v_is_share, v_expected, v_head_member;
            IF 1 - @payops_left / v_total >= v_best THEN
                SET v_best = 1 - @payops_left / v_total;
                SET out_parent_alert_id = v_head_id;
            END IF;
        END IF;
    END LOOP;
    CLOSE c_heads;
END$$

DELIMITER ;
