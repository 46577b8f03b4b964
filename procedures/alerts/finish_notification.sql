DELIMITER $$

CREATE OR REPLACE PROCEDURE finish_notification(
    IN in_notification_id BIGINT,
    IN in_owner VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_error VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_retry_seconds DECIMAL(12,3)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Says what became of a notice that the sender holds.
Parameters:
    in_outcome: delivered, retry (in in_retry_seconds) or failed (given up: the alert
        notification_failed is raised for the route)
Errors: 30002 argument, 30654 the notice is not the sender''s any more.
Transaction: joins.
Example: CALL finish_notification(7, ''host-1'', ''delivered'', NULL, NULL)'
BEGIN
    DECLARE v_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

    IF NOT COALESCE(
        in_outcome IN ('delivered', 'failed') OR (in_outcome = 'retry' AND in_retry_seconds >= 0),
        FALSE)
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'finish_notification: in_outcome is none of delivered, failed, retry with a time';
    END IF;
    UPDATE notifications AS n
    SET
        n.notice_state = IF(in_outcome = 'retry', 'waiting', in_outcome),
        n.due_at = IF(
            in_outcome = 'retry',
            v_now + INTERVAL CAST(in_retry_seconds * 1000000 AS SIGNED) MICROSECOND,
            n.due_at),
        n.delivered_at = IF(in_outcome = 'delivered', v_now, NULL),
        n.last_error = in_error,
        n.lease_owner = NULL,
        n.lease_until = NULL
    WHERE n.notification_id = in_notification_id
        AND n.notice_state = 'sending'
        AND n.lease_owner = in_owner;
    IF ROW_COUNT() = 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30654,
            MESSAGE_TEXT = 'finish_notification: the notice is not the sender''s any more';
    END IF;
    IF in_outcome = 'failed' THEN
        SET v_route = (
            SELECT n.route_name FROM notifications AS n WHERE n.notification_id = in_notification_id
        );
        -- Not over the route that fails: write_alert_notices leaves that out.
        CALL raise_alert(
            'notification_failed', v_route, 'CRITICAL',
            LEFT(CONCAT('a notice was given up: ', COALESCE(in_error, 'no reason')), 512));
    ELSEIF in_outcome = 'delivered' THEN
        SET v_route = (
            SELECT n.route_name FROM notifications AS n WHERE n.notification_id = in_notification_id
        );
        CALL resolve_alert('notification_failed', v_route);
    END IF;
END$$

DELIMITER ;
