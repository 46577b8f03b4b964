DELIMITER $$

CREATE OR REPLACE PROCEDURE raise_alert(
    IN in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(128),
    IN in_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_message VARCHAR(512)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Says that something is wrong: opens an alert for the rule and subject, or counts the one that is open once more; its severity only rises. Errors: none of its own. Transaction: joins. Example: CALL raise_alert(''job_late'', ''refresh_kpis'', ''WARNING'', ''due at 10:00'')'
BEGIN
    INSERT INTO alerts (
        alert_rule, alert_subject, severity, alert_state, alert_message, raised_at, seen_at
    ) VALUES (
        in_rule, in_subject, in_severity, 'firing', in_message, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
    )
    ON DUPLICATE KEY UPDATE
        severity = GREATEST(severity + 0, VALUES(severity) + 0),
        alert_message = VALUES(alert_message),
        seen_at = VALUES(seen_at),
        seen_count = seen_count + 1;
END$$

DELIMITER ;
