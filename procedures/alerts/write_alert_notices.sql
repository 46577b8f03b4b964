DELIMITER $$

CREATE OR REPLACE PROCEDURE write_alert_notices(
    IN in_alert_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the notices that are due of open alerts that no silence covers: one for each route,
severity and reopening, reminders, and escalations to routes with after_seconds; what is written
already is not written again. in_alert_id NULL looks at every open alert.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

    INSERT INTO notifications (
        route_name,
        alert_id,
        notice_kind,
        reopened_count,
        severity,
        notice_number,
        alert_rule,
        alert_subject,
        alert_message,
        raised_at,
        created_at,
        due_at
    )
    SELECT
        d.route_name,
        d.alert_id,
        IF(d.notice_number = 0, 'firing', 'reminder'),
        d.reopened_count,
        d.severity,
        d.notice_number,
        d.alert_rule,
        d.alert_subject,
        d.alert_message,
        d.raised_at,
        v_now,
        v_now + INTERVAL IF(d.notice_number = 0, d.group_seconds, 0) SECOND
    FROM (
        SELECT
            r.route_name,
            r.group_seconds,
            a.alert_id,
            a.reopened_count,
            a.severity,
            a.alert_rule,
            a.alert_subject,
            a.alert_message,
            a.raised_at,
            -- Reminders count from the first notice over the route.
            IF(
                r.repeat_seconds = 0 OR a.alert_state = 'acknowledged',
                0,
                COALESCE((
                    -- A clock that was set back has no reminder to give.
                    SELECT GREATEST(0, TIMESTAMPDIFF(SECOND, MIN(f.created_at), v_now))
                        DIV r.repeat_seconds
                    FROM notifications AS f
                    WHERE f.alert_id = a.alert_id
                        AND f.route_name = r.route_name
                        AND f.reopened_count = a.reopened_count
                        AND f.notice_kind = 'firing'
                        AND f.severity = a.severity
                ), 0)
            ) AS notice_number
        FROM alerts AS a
        INNER JOIN notification_routes AS r
            ON r.is_enabled = 1
                AND a.severity + 0 >= r.minimum_severity + 0
                AND a.alert_rule LIKE r.rule_pattern
                AND (r.owner IS NULL OR r.owner = a.owner)
                AND (
                    r.after_seconds = 0
                    OR (
                        a.alert_state = 'firing'
                        AND a.fired_at <= v_now - INTERVAL r.after_seconds SECOND
                    )
                )
        WHERE a.open_key IS NOT NULL
            -- The failure of a route is notified over the other routes.
            AND NOT (a.alert_rule = 'notification_failed' AND a.alert_subject = r.route_name)
            AND a.alert_id = COALESCE(in_alert_id, a.alert_id)
            -- An alert that another explains is notified by that one, unless it is more severe or
            -- outlasts it.
            AND NOT EXISTS (
                SELECT 1
                FROM alerts AS h
                WHERE h.alert_id = a.parent_alert_id
                    AND h.severity + 0 >= a.severity + 0
                    AND (
                        h.open_key IS NOT NULL
                        OR h.resolved_at > v_now - INTERVAL (
                            SELECT CAST(g.setting_value AS SIGNED)
                            FROM settings AS g
                            WHERE g.setting_name = 'alert_reopen_seconds'
                        ) SECOND
                    )
            )
            AND alert_silence(a.alert_rule, a.alert_subject, v_now) IS NULL
            AND is_within_hours(r.calendar_name, r.on_days, r.from_time, r.to_time, v_now) = 1
    ) AS d
    WHERE NOT EXISTS (
        SELECT 1
        FROM notifications AS n
        WHERE n.alert_id = d.alert_id
            AND n.route_name = d.route_name
            AND n.reopened_count = d.reopened_count
            AND n.notice_kind = IF(d.notice_number = 0, 'firing', 'reminder')
            AND n.severity = d.severity
            AND n.notice_number = d.notice_number
    )
    ORDER BY d.alert_id, d.route_name
    ON DUPLICATE KEY UPDATE notification_id = notification_id;
END$$

DELIMITER ;
