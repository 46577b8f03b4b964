DELIMITER $$

CREATE OR REPLACE PROCEDURE end_alert(
    IN in_alert_id BIGINT,
    IN in_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Ends an open alert: notices that were not sent are cancelled, who was notified of it is
notified of its end. Does nothing to one that has ended.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

    UPDATE alerts AS a
    SET
        a.alert_state = 'resolved',
        a.resolved_at = v_now
    WHERE a.alert_id = in_alert_id
        AND a.alert_state <> 'resolved';
    IF ROW_COUNT() > 0 THEN
        CALL note_alert_change(in_alert_id, 'resolved', in_text, in_by);
        UPDATE notifications AS n
        SET n.notice_state = 'cancelled'
        WHERE n.alert_id = in_alert_id
            -- The end of the time before may still wait, and must be sent.
            AND n.notice_kind <> 'resolved'
            AND n.notice_state = 'waiting'
            AND n.attempt_count = 0;
        INSERT INTO notifications (
            route_name,
            alert_id,
            notice_kind,
            reopened_count,
            severity,
            alert_rule,
            alert_subject,
            alert_message,
            raised_at,
            resolved_at,
            created_at,
            due_at
        )
        SELECT DISTINCT
            n.route_name,
            a.alert_id,
            'resolved',
            a.reopened_count,
            a.severity,
            a.alert_rule,
            a.alert_subject,
            a.alert_message,
            a.raised_at,
            a.resolved_at,
            v_now,
            v_now
        FROM alerts AS a
        INNER JOIN notifications AS n
            ON n.alert_id = a.alert_id
                AND n.reopened_count = a.reopened_count
                AND n.notice_kind <> 'resolved'
                -- One that was tried and waits may have arrived all the same.
                AND n.notice_state IN ('waiting', 'sending', 'delivered')
        INNER JOIN notification_routes AS r
            ON r.route_name = n.route_name
                AND r.is_enabled = 1
                AND r.tells_resolved = 1
        WHERE a.alert_id = in_alert_id
        ORDER BY n.route_name;
    END IF;
END$$

DELIMITER ;
