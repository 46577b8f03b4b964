DELIMITER $$

CREATE OR REPLACE PROCEDURE set_notification_route_enabled(
    IN in_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_is_enabled BOOLEAN
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Switches a way of telling people of alerts on or off; what waits on it stays.
Errors: 30002 argument, 30656 there is no such route.
Transaction: joins.
Example: CALL set_notification_route_enabled(''pager'', FALSE)'
BEGIN
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF in_is_enabled IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'set_notification_route_enabled: in_is_enabled is NULL';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM notification_routes AS r WHERE r.route_name = in_route) THEN
        SET v_message = CONCAT(
            'set_notification_route_enabled: there is no route ', COALESCE(in_route, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30656, MESSAGE_TEXT = v_message;
    END IF;
    UPDATE notification_routes
    SET is_enabled = (in_is_enabled <> 0)
    WHERE route_name = in_route;
END$$

DELIMITER ;
