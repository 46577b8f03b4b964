DELIMITER $$

CREATE OR REPLACE PROCEDURE retry_notifications(
    IN in_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives the notices of a route that were given up another chance, those of the last day
whose alert is open.
Result: notices.
Errors: none of its own.
Transaction: joins.
Example: CALL retry_notifications(''pager'')'
BEGIN
    UPDATE notifications AS n
    INNER JOIN alerts AS a ON a.alert_id = n.alert_id
    SET
        n.notice_state = 'waiting',
        n.attempt_count = 0,
        n.delivery_key = NULL,
        n.created_at = UTC_TIMESTAMP(3),
        n.due_at = UTC_TIMESTAMP(3)
    WHERE n.route_name = in_route
        AND n.notice_state = 'failed'
        AND n.created_at > UTC_TIMESTAMP() - INTERVAL 1 DAY
        AND a.open_key IS NOT NULL
        AND a.reopened_count = n.reopened_count
        AND a.severity = n.severity;
    SELECT ROW_COUNT() AS retried_count;
END$$

DELIMITER ;
