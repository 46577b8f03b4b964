DELIMITER $$

CREATE OR REPLACE PROCEDURE note_alert_change(
    IN in_alert_id BIGINT,
    IN in_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds a line to the history of an alert.
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO alert_changes (
        alert_id,
        alert_rule,
        alert_subject,
        change_kind,
        severity,
        change_text,
        changed_by,
        changed_at
    )
    SELECT
        a.alert_id,
        a.alert_rule,
        a.alert_subject,
        in_kind,
        a.severity,
        in_text,
        in_by,
        UTC_TIMESTAMP(3)
    FROM alerts AS a
    WHERE a.alert_id = in_alert_id;
END$$

DELIMITER ;
