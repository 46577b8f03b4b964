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
COMMENT 'Says that something is wrong: opens an alert for the rule and subject, or counts the one that is open once more; its severity only rises. One that ended within the setting alert_reopen_seconds is opened again. Notices are written with it. Errors: none of its own. Transaction: joins. Example: CALL raise_alert(''job_late'', ''refresh_kpis'', ''WARNING'', ''due at 10:00'')'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE v_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT
        a.alert_id,
        a.severity
    INTO v_alert_id, v_severity
    FROM alerts AS a
    WHERE a.open_key = CONCAT(in_rule, '/', in_subject)
    FOR UPDATE;
    IF v_alert_id IS NOT NULL THEN
        UPDATE alerts AS a
        SET
            a.severity = GREATEST(a.severity + 0, FIND_IN_SET(in_severity, 'INFO,WARNING,CRITICAL,SEVERE')),
            a.alert_message = in_message,
            a.seen_at = v_now,
            a.seen_count = a.seen_count + 1
        WHERE a.alert_id = v_alert_id;
        IF FIND_IN_SET(in_severity, 'INFO,WARNING,CRITICAL,SEVERE')
            > FIND_IN_SET(v_severity, 'INFO,WARNING,CRITICAL,SEVERE')
        THEN
            SET v_kind = 'escalated';
        END IF;
    ELSE
        SELECT a.alert_id
        INTO v_alert_id
        FROM alerts AS a
        WHERE a.alert_rule = in_rule
            AND a.alert_subject = in_subject
            AND a.resolved_at > v_now - INTERVAL (
                SELECT CAST(g.setting_value AS SIGNED)
                FROM settings AS g
                WHERE g.setting_name = 'alert_reopen_seconds'
            ) SECOND
        ORDER BY a.resolved_at DESC
        LIMIT 1
        FOR UPDATE;
        IF v_alert_id IS NOT NULL THEN
            SET v_kind = 'reopened';
            UPDATE alerts AS a
            SET
                a.alert_state = 'firing',
                a.severity = in_severity,
                a.alert_message = in_message,
                a.seen_at = v_now,
                a.seen_count = a.seen_count + 1,
                a.reopened_count = a.reopened_count + 1,
                a.fired_at = v_now,
                a.acknowledged_at = NULL,
                a.acknowledged_by = NULL,
                a.resolved_at = NULL
            WHERE a.alert_id = v_alert_id;
        ELSE
            SET v_kind = 'fired';
            INSERT INTO alerts (
                alert_rule,
                alert_subject,
                severity,
                alert_state,
                alert_message,
                raised_at,
                seen_at,
                fired_at
            ) VALUES (
                in_rule,
                in_subject,
                in_severity,
                'firing',
                in_message,
                v_now,
                v_now,
                v_now
            )
            -- Somebody else was quicker by a moment.
            ON DUPLICATE KEY UPDATE
                alert_id = LAST_INSERT_ID(alert_id),
                seen_at = VALUES(seen_at),
                seen_count = seen_count + 1;
            SET v_alert_id = LAST_INSERT_ID();
        END IF;
    END IF;
    IF v_kind IS NOT NULL THEN
        CALL note_alert_change(v_alert_id, v_kind, in_message, 'payops');
        CALL write_alert_notices(v_alert_id);
    END IF;
END$$

DELIMITER ;
