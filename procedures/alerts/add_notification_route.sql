DELIMITER $$

CREATE OR REPLACE PROCEDURE add_notification_route(
    IN in_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_target VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_options LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    IN in_severity VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rule_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_owner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_after_seconds INT,
    IN in_group_seconds INT,
    IN in_repeat_seconds INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds a way of telling people of alerts. Try it with payops notify test.
Parameters:
    in_kind: webhook, alertmanager, slack, pagerduty, email or log
    in_options: JSON as docs/notifications.md has it, no secret, NULL for none
    in_severity: least severity, NULL for WARNING
    in_rule_pattern: as in LIKE, NULL for all
    in_owner: only alerts of this owner, NULL for all
    in_after_seconds, in_group_seconds, in_repeat_seconds: NULL for 0, 30 and, of an Alertmanager
        21600, else 0
Errors: 30002 argument, 30657 there is such a route.
Transaction: joins.
Example: CALL add_notification_route(''log'', ''log'', ''/var/log/payops-alerts'', NULL,
    ''CRITICAL'', NULL, NULL, NULL, NULL, NULL)'
BEGIN
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF in_route IS NULL OR in_route NOT REGEXP '^[A-Za-z0-9._-]{1,64}$' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'add_notification_route: in_route is not 1 to 64 letters, digits, . _ or -';
    END IF;
    IF in_kind IS NULL
        OR in_kind NOT IN ('webhook', 'alertmanager', 'slack', 'pagerduty', 'email', 'log')
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'add_notification_route: there is no such kind';
    END IF;
    -- all severities: IF COALESCE(in_severity, 'WARNING') NOT IN (['{name}']) THEN
    IF COALESCE(in_severity, 'WARNING') NOT IN ('INFO', 'WARNING', 'CRITICAL', 'SEVERE') THEN
    -- end
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'add_notification_route: in_severity is not INFO, WARNING, CRITICAL or SEVERE';
    END IF;
    IF NOT JSON_VALID(COALESCE(in_options, '{}'))
        OR JSON_TYPE(COALESCE(in_options, '{}')) <> 'OBJECT'
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'add_notification_route: in_options is no object of JSON';
    END IF;
    IF LEAST(
        COALESCE(in_after_seconds, 0), COALESCE(in_group_seconds, 0), COALESCE(in_repeat_seconds, 0)
    ) < 0
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'add_notification_route: a number of seconds is negative';
    END IF;
    IF EXISTS (SELECT 1 FROM notification_routes AS r WHERE r.route_name = in_route) THEN
        SET v_message = CONCAT('add_notification_route: there is a route ', in_route);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30657, MESSAGE_TEXT = v_message;
    END IF;
    INSERT INTO notification_routes (
        route_name,
        channel_kind,
        target,
        channel_options,
        minimum_severity,
        rule_pattern,
        owner,
        after_seconds,
        group_seconds,
        repeat_seconds
    ) VALUES (
        in_route,
        in_kind,
        COALESCE(in_target, ''),
        COALESCE(in_options, '{}'),
        COALESCE(in_severity, 'WARNING'),
        COALESCE(in_rule_pattern, '%'),
        in_owner,
        COALESCE(in_after_seconds, 0),
        COALESCE(in_group_seconds, 30),
        -- An Alertmanager drops an alert that is not sent again.
        COALESCE(in_repeat_seconds, IF(in_kind = 'alertmanager', 21600, 0))
    );
END$$

DELIMITER ;
