DELIMITER $$

CREATE OR REPLACE PROCEDURE keep_alert_evidence(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_since DATETIME,
    IN in_until DATETIME,
    IN in_columns VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    IN in_steps LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps with the open alert of a series what its last change rested on.
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO alert_evidence (
        alert_id,
        evidence_number,
        reopened_count,
        severity,
        since_minute,
        until_minute,
        metric_columns,
        track_state,
        steps
    )
    SELECT
        a.alert_id,
        1 + COALESCE((
            SELECT MAX(e.evidence_number)
            FROM alert_evidence AS e
            WHERE e.alert_id = a.alert_id
        ), 0),
        a.reopened_count,
        a.severity,
        in_since,
        in_until,
        in_columns,
        in_state,
        in_steps
    FROM alerts AS a
    WHERE a.open_key = CONCAT('monitor_', in_metric, '/', in_member);
END$$

DELIMITER ;
