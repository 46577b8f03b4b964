DELIMITER $$

CREATE OR REPLACE PROCEDURE change_alert(
    IN in_alert_id BIGINT,
    IN in_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'What people do with an alert. Who acknowledges, assigns or resolves one does the same with
the open alerts under it; their history names it.
Parameters:
    in_kind: acknowledged (its reminders and escalations stop until it ends), assigned (in_text is
        the owner), comment, disposition (in_text is true_positive or false_positive), resolved
    in_by: who; NULL for acting_person()
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30651 no such
    alert, 30652 the alert has ended.
Transaction: owns.
Example: CALL change_alert(17, ''acknowledged'', ''looking at it'', NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_alert_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_previous_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT COALESCE(in_by, acting_person());
    DECLARE v_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT COALESCE(in_text, '');
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    IF NOT COALESCE(
        in_kind IN ('acknowledged', 'assigned', 'comment', 'disposition', 'resolved')
            AND (in_kind NOT IN ('assigned', 'comment') OR v_text <> '')
            AND (in_kind <> 'assigned' OR CHAR_LENGTH(v_text) <= 64)
            -- Persons of the HTTP API are named by their token alone.
            AND COALESCE(in_by, '') NOT LIKE 'api:%'
            AND (in_kind <> 'disposition' OR v_text IN ('true_positive', 'false_positive')),
        FALSE)
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'change_alert: in_kind, its text or in_by is missing, too long or invalid';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'change_alert: called inside an open transaction';
    END IF;
    CALL check_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('change_alert', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        SELECT
            a.alert_state,
            a.acknowledged_by
        INTO v_alert_state, v_previous_by
        FROM alerts AS a
        WHERE a.alert_id = in_alert_id
        FOR UPDATE;
        IF v_alert_state IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30651,
                MESSAGE_TEXT = 'change_alert: the alert does not exist';
        END IF;
        IF v_alert_state = 'resolved' AND in_kind IN ('acknowledged', 'resolved') THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30652,
                MESSAGE_TEXT = 'change_alert: the alert has ended';
        END IF;
        IF in_kind = 'resolved' THEN
            CALL end_alert(in_alert_id, v_text, v_by);
        ELSE
            UPDATE alerts AS a
            SET
                a.alert_state = IF(in_kind = 'acknowledged', 'acknowledged', a.alert_state),
                a.acknowledged_at = IF(
                    in_kind = 'acknowledged', UTC_TIMESTAMP(3), a.acknowledged_at),
                a.acknowledged_by = IF(in_kind = 'acknowledged', v_by, a.acknowledged_by),
                a.owner = IF(in_kind = 'assigned', v_text, a.owner),
                a.disposition = IF(in_kind = 'disposition', v_text, a.disposition)
            WHERE a.alert_id = in_alert_id;
            CALL note_alert_change(in_alert_id, in_kind, v_text, v_by);
            IF in_kind = 'assigned' THEN
                CALL write_alert_notices(in_alert_id);
            END IF;
        END IF;
        IF in_kind IN ('acknowledged', 'assigned', 'resolved') THEN
            CALL change_child_alerts(in_alert_id, in_kind, v_text, v_by, v_previous_by);
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
