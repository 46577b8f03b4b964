DELIMITER $$

CREATE OR REPLACE PROCEDURE resolve_alert(
    IN in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Says that what an alert was about is over; does nothing when none is open.
Errors: none of its own.
Transaction: joins.
Example: CALL resolve_alert(''job_late'', ''refresh_kpis'')'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    -- Read before it is locked: this is asked again and again of what is well.
    SELECT a.alert_id
    INTO v_alert_id
    FROM alerts AS a
    WHERE a.open_key = CONCAT(in_rule, '/', in_subject);
    IF v_alert_id IS NOT NULL THEN
        CALL end_alert(v_alert_id, 'found to be over', 'payops');
    END IF;
END$$

DELIMITER ;
