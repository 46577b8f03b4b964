DELIMITER $$

CREATE OR REPLACE PROCEDURE lease_notifications(
    IN in_owner VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_lease_seconds INT,
    IN in_limit INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives a sender the notices of one rule over one route that are due, at most in_limit, and
keeps others from them for in_lease_seconds. A notice whose sender was lost is given out again.
What was sent together once is given out together, under one delivery_key, and nothing is added to
it. The end of an alert waits for its notifications that are being sent.
Result: the notices with their route, and what is known of their alerts now: cause, payments, value
at stake in base_currency, customers, and the setting alert_url_template; none when nothing is due.
Errors: 30001 open transaction, 30002 argument.
Transaction: owns.
Example: CALL lease_notifications(''host-1'', 120, 50)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
    DECLARE v_first BIGINT;
    DECLARE v_route VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_end TINYINT;
    DECLARE v_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_limit INT;
    DECLARE v_new_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    IF in_owner IS NULL OR NOT COALESCE(in_lease_seconds > 0 AND in_limit > 0, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'lease_notifications: an argument is NULL or not above 0';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'lease_notifications: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('lease_notifications', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        DROP TEMPORARY TABLE IF EXISTS leased_notices;
        CREATE TEMPORARY TABLE leased_notices (
            notification_id BIGINT NOT NULL PRIMARY KEY
        ) ENGINE = Aria TRANSACTIONAL = 0;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        UPDATE notifications AS n
        SET
            n.notice_state = 'waiting',
            n.lease_owner = NULL,
            n.lease_until = NULL
        WHERE n.notice_state = 'sending'
            AND n.lease_until < v_now;
        SELECT
            n.notification_id,
            n.route_name,
            n.alert_rule,
            n.notice_kind = 'resolved',
            n.delivery_key
        INTO v_first, v_route, v_rule, v_is_end, v_key
        FROM notifications AS n
        INNER JOIN notification_routes AS r
            ON r.route_name = n.route_name
                AND r.is_enabled = 1
        WHERE n.notice_state = 'waiting'
            AND n.due_at <= v_now
            AND NOT EXISTS (
                SELECT 1
                FROM notifications AS e
                WHERE e.alert_id = n.alert_id
                    AND e.route_name = n.route_name
                    AND e.notification_id < n.notification_id
                    AND e.notice_state IN ('waiting', 'sending')
            )
            -- The first of what was sent together stands for all of it.
            AND NOT EXISTS (
                SELECT 1
                FROM notifications AS g
                WHERE g.delivery_key = n.delivery_key
                    AND (
                        g.notice_state = 'sending'
                        OR (g.notice_state = 'waiting' AND g.notification_id < n.notification_id)
                    )
            )
        ORDER BY n.due_at, n.notification_id
        LIMIT 1
        FOR UPDATE SKIP LOCKED;
        IF v_first IS NOT NULL THEN
            SET v_limit = IF(v_key IS NULL, in_limit, 1000000);
            INSERT INTO leased_notices
            SELECT n.notification_id
            FROM notifications AS n
            WHERE n.notice_state = 'waiting'
                AND n.route_name = v_route
                AND n.alert_rule = v_rule
                AND (n.notice_kind = 'resolved') = v_is_end
                AND n.delivery_key <=> v_key
                AND (
                    v_key IS NOT NULL
                    OR (
                        n.due_at <= v_now
                        AND NOT EXISTS (
                            SELECT 1
                            FROM notifications AS e
                            WHERE e.alert_id = n.alert_id
                                AND e.route_name = n.route_name
                                AND e.notification_id < n.notification_id
                                AND e.notice_state IN ('waiting', 'sending')
                        )
                    )
                )
            ORDER BY n.due_at, n.notification_id
            LIMIT v_limit
            FOR UPDATE SKIP LOCKED;
            UPDATE notifications AS n
            INNER JOIN leased_notices AS l ON l.notification_id = n.notification_id
            SET
                n.notice_state = 'sending',
                n.lease_owner = in_owner,
                n.lease_until = v_now + INTERVAL in_lease_seconds SECOND,
                n.delivery_key = COALESCE(v_key, v_new_key),
                n.attempt_count = n.attempt_count + 1;
        END IF;
        COMMIT;
    END;
    SELECT
        n.notification_id,
        n.route_name,
        r.channel_kind,
        r.target,
        r.channel_options,
        n.alert_id,
        n.reopened_count,
        n.notice_kind,
        n.severity,
        n.alert_rule,
        n.alert_subject,
        n.alert_message,
        n.raised_at,
        n.resolved_at,
        n.created_at,
        n.attempt_count,
        n.delivery_key,
        -- What the receiver holds of it under another severity.
        (
            SELECT e.severity
            FROM notifications AS e
            WHERE e.alert_id = n.alert_id
                AND e.route_name = n.route_name
                AND e.reopened_count = n.reopened_count
                AND e.notification_id < n.notification_id
                AND e.attempt_count > 0
                AND e.severity <> n.severity
            ORDER BY e.notification_id DESC
            LIMIT 1
        ) AS previous_severity,
        -- As of now: the impact grows while the notice waits. The alert itself may be gone.
        a.cause,
        a.payments_affected,
        a.value_at_stake,
        a.customers_affected,
        base_currency() AS base_currency,
        (
            SELECT NULLIF(g.setting_value, '')
            FROM settings AS g
            WHERE g.setting_name = 'alert_url_template'
        ) AS alert_url_template,
        v_now AS leased_at
    FROM leased_notices AS l
    INNER JOIN notifications AS n ON n.notification_id = l.notification_id
    INNER JOIN notification_routes AS r ON r.route_name = n.route_name
    LEFT JOIN alerts AS a ON a.alert_id = n.alert_id
    ORDER BY n.severity DESC, n.notification_id;
    DROP TEMPORARY TABLE leased_notices;
END$$

DELIMITER ;
