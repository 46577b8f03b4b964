DELIMITER $$

CREATE OR REPLACE PROCEDURE adopt_alerts(
    IN in_alert_id BIGINT,
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_since DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Puts the open alerts of members with a cause in common and of the same time under an alert
over all payments that nothing explains.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_groups BIGINT UNSIGNED;
    DECLARE v_child_id BIGINT;
    DECLARE v_is_done TINYINT(1) DEFAULT 0;
    DECLARE c_children CURSOR FOR
        SELECT a.alert_id
        FROM alerts AS a
        INNER JOIN monitor_metrics AS m ON a.alert_rule = CONCAT('monitor_', m.metric_name)
        WHERE a.open_key IS NOT NULL
            AND a.alert_id <> in_alert_id
            AND a.parent_alert_id IS NULL
            AND m.cause_groups & v_groups > 0
            AND m.dimension <> 'all'
            AND a.raised_at BETWEEN in_since - INTERVAL 15 MINUTE AND in_since + INTERVAL 15 MINUTE
        UNION ALL
        -- What is under these comes under it as well: there are two levels, not more.
        SELECT g.alert_id
        FROM alerts AS a
        INNER JOIN monitor_metrics AS m ON a.alert_rule = CONCAT('monitor_', m.metric_name)
        INNER JOIN alerts AS g ON g.parent_alert_id = a.alert_id
        WHERE a.open_key IS NOT NULL
            AND a.alert_id <> in_alert_id
            AND a.parent_alert_id IS NULL
            AND m.cause_groups & v_groups > 0
            AND m.dimension <> 'all'
            AND a.raised_at BETWEEN in_since - INTERVAL 15 MINUTE AND in_since + INTERVAL 15 MINUTE
            AND g.open_key IS NOT NULL
            AND g.alert_id <> in_alert_id
        ORDER BY alert_id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    SELECT m.cause_groups + 0
    INTO v_groups
    FROM alerts AS a
    INNER JOIN monitor_metrics AS m ON m.metric_name = in_metric
    WHERE a.alert_id = in_alert_id
        AND a.parent_alert_id IS NULL
        AND m.dimension = 'all';
    IF v_groups IS NOT NULL THEN
        OPEN c_children;
        children: LOOP
            SET v_is_done = 0;
            FETCH c_children INTO v_child_id;
            IF v_is_done THEN
                LEAVE children;
            END IF;
            UPDATE alerts AS a
            SET a.parent_alert_id = in_alert_id
            WHERE a.alert_id = v_child_id;
            CALL inherit_alert_state(v_child_id);
        END LOOP;
        CLOSE c_children;
    END IF;
END$$

DELIMITER ;
