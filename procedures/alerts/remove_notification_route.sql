DELIMITER $$

CREATE OR REPLACE PROCEDURE remove_notification_route(
    IN in_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Removes a way of telling people of alerts; what waits on it is not sent.
Result: cancelled_count.
Errors: 30656 there is no such route.
Transaction: joins.
Example: CALL remove_notification_route(''pager'')'
BEGIN
    DECLARE v_waiting BIGINT;
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF NOT EXISTS (SELECT 1 FROM notification_routes AS r WHERE r.route_name = in_route) THEN
        SET v_message = CONCAT(
            'remove_notification_route: there is no route ', COALESCE(in_route, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30656, MESSAGE_TEXT = v_message;
    END IF;
    SELECT COUNT(*)
    INTO v_waiting
    FROM notifications AS n
    WHERE n.route_name = in_route
        AND n.notice_state IN ('waiting', 'sending');
    -- A trigger cancels them.
    DELETE FROM notification_routes
    WHERE route_name = in_route;
    SELECT v_waiting AS cancelled_count;
END$$

DELIMITER ;
