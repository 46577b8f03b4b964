DELIMITER $$

CREATE OR REPLACE PROCEDURE end_metric_alert(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_until DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Ends the alert of a series, when one is open, in which nothing is in progress from
in_until on (UTC), with what it came to concern.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE v_raised_at DATETIME;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT
        a.alert_id,
        a.raised_at
    INTO v_alert_id, v_raised_at
    FROM alerts AS a
    WHERE a.open_key = CONCAT('monitor_', in_metric, '/', in_member);
    IF v_alert_id IS NOT NULL THEN
        CALL measure_alert(v_alert_id, in_metric, in_member, v_raised_at, in_until);
        DROP TEMPORARY TABLE alert_payments;
        CALL end_alert(v_alert_id, 'found to be over', 'payops');
    END IF;
END$$

DELIMITER ;
