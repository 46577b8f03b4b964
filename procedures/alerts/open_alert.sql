DELIMITER $$

CREATE OR REPLACE PROCEDURE open_alert(
    IN in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_alert_id BIGINT,
    OUT out_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Opens an alert for the rule and subject, opens one that ended a moment ago again, or
counts the open one once more; out_kind: what is to be announced, NULL for nothing.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SET out_alert_id = NULL;
    SET out_kind = NULL;
    SELECT
        a.alert_id,
        a.severity
    INTO out_alert_id, v_severity
    FROM alerts AS a
    WHERE a.open_key = CONCAT(in_rule, '/', in_subject)
    FOR UPDATE;
    IF out_alert_id IS NOT NULL THEN
        UPDATE alerts AS a
        SET
            -- all severities:
            --     a.severity = GREATEST(a.severity + 0, FIND_IN_SET(in_severity, '[{name}|,]')),
            a.severity = GREATEST(a.severity + 0, FIND_IN_SET(in_severity, 'INFO,WARNING,CRITICAL,SEVERE')),
            -- end
            a.alert_message = in_message,
            a.seen_at = v_now,
            a.seen_count = a.seen_count + 1
        WHERE a.alert_id = out_alert_id;
        -- all severities:
        --     IF FIND_IN_SET(in_severity, '[{name}|,]')
        --         > FIND_IN_SET(v_severity, '[{name}|,]')
        IF FIND_IN_SET(in_severity, 'INFO,WARNING,CRITICAL,SEVERE')
            > FIND_IN_SET(v_severity, 'INFO,WARNING,CRITICAL,SEVERE')
        -- end
        THEN
            SET out_kind = 'escalated';
        END IF;
    ELSE
        SELECT a.alert_id
        INTO out_alert_id
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
        IF out_alert_id IS NOT NULL THEN
            SET out_kind = 'reopened';
            UPDATE alerts AS a
            SET
                a.alert_state = 'firing',
                a.parent_alert_id = NULL,
                a.severity = in_severity,
                a.alert_message = in_message,
                a.seen_at = v_now,
                a.seen_count = a.seen_count + 1,
                a.reopened_count = a.reopened_count + 1,
                a.fired_at = v_now,
                a.acknowledged_at = NULL,
                a.acknowledged_by = NULL,
                a.resolved_at = NULL
            WHERE a.alert_id = out_alert_id;
        ELSE
            SET out_kind = 'fired';
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
            SET out_alert_id = LAST_INSERT_ID();
        END IF;
    END IF;
END$$

DELIMITER ;
