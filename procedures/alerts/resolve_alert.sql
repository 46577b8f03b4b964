DELIMITER $$

CREATE OR REPLACE PROCEDURE resolve_alert(
    IN in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(128)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Says that what an alert was about is over; does nothing when none is open. Errors: none of its own. Transaction: joins. Example: CALL resolve_alert(''job_late'', ''refresh_kpis'')'
BEGIN
    UPDATE alerts AS a
    SET
        a.alert_state = 'resolved',
        a.resolved_at = UTC_TIMESTAMP(3)
    WHERE a.open_key = CONCAT(in_rule, '/', in_subject);
END$$

DELIMITER ;
