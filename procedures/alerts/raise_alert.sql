DELIMITER $$

CREATE OR REPLACE PROCEDURE raise_alert(
    IN in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Says that something is wrong: opens an alert for the rule and subject, or counts the one
that is open once more; its severity only rises. One that ended within the setting
alert_reopen_seconds is opened again. Notices are written with it.
Errors: none of its own.
Transaction: joins.
Example: CALL raise_alert(''job_late'', ''refresh_kpis'', ''WARNING'', ''due at 10:00'')'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE v_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    CALL open_alert(in_rule, in_subject, in_severity, in_message, v_alert_id, v_kind);
    CALL announce_alert(v_alert_id, v_kind);
END$$

DELIMITER ;
