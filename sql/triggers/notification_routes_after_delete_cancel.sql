DELIMITER $$

-- What waits on a route that is gone would wait for ever.
CREATE OR REPLACE TRIGGER notification_routes_after_delete_cancel
AFTER DELETE ON notification_routes
FOR EACH ROW
BEGIN
    UPDATE notifications
    SET
        notice_state = 'cancelled',
        lease_owner = NULL,
        lease_until = NULL
    WHERE route_name = OLD.route_name
        AND notice_state IN ('waiting', 'sending');
    CALL resolve_alert('notification_failed', OLD.route_name);
END$$

DELIMITER ;
