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
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT m.cause_groups + 0
    INTO v_groups
    FROM alerts AS a
    INNER JOIN monitor_metrics AS m ON m.metric_name = in_metric
    WHERE a.alert_id = in_alert_id
        AND a.parent_alert_id IS NULL
        AND m.dimension = 'all';
    IF v_groups IS NOT NULL THEN
        UPDATE alerts AS a
        INNER JOIN monitor_metrics AS m ON a.alert_rule = CONCAT('monitor_', m.metric_name)
        SET a.parent_alert_id = in_alert_id
        WHERE a.open_key IS NOT NULL
            AND a.alert_id <> in_alert_id
            AND a.parent_alert_id IS NULL
            AND m.cause_groups & v_groups > 0
            AND m.dimension <> 'all'
            AND a.raised_at BETWEEN in_since - INTERVAL 15 MINUTE AND in_since + INTERVAL 15 MINUTE;
        -- What was under these is under it now: there are two levels, not more.
        UPDATE alerts AS a
        INNER JOIN alerts AS h
            ON h.alert_id = a.parent_alert_id
                AND h.parent_alert_id = in_alert_id
        SET a.parent_alert_id = in_alert_id
        WHERE a.open_key IS NOT NULL;
    END IF;
END$$

DELIMITER ;
