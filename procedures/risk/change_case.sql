DELIMITER $$

CREATE OR REPLACE PROCEDURE change_case(
    IN in_routine VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_case_id BIGINT,
    IN in_change_kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_value VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_text VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Changes a case and its log together.
Parameters:
    in_value: assignee, due date or disposition
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_sqlstate CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_case_state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;

    IF @@in_transaction THEN
        SET v_message = CONCAT(in_routine, ': called inside an open transaction');
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = v_message;
    END IF;
    CALL check_session(TRUE);
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_sqlstate, v_message);
            ROLLBACK;
            CALL log_routine_error(in_routine, v_errno, v_sqlstate, v_message);
            RESIGNAL;
        END;

        START TRANSACTION;
        SELECT c.case_state
        INTO v_case_state
        FROM risk_cases AS c
        WHERE c.case_id = in_case_id
        FOR UPDATE;
        IF v_case_state IS NULL THEN
            SET v_message = CONCAT(in_routine, ': the case does not exist');
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30505, MESSAGE_TEXT = v_message;
        END IF;
        IF (v_case_state = 'closed') <> (in_change_kind = 'reopened') AND in_change_kind <> 'note' THEN
            SET v_message = CONCAT(
                in_routine, ': the case is ', IF(v_case_state = 'closed', 'closed', 'not closed'));
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30506, MESSAGE_TEXT = v_message;
        END IF;
        IF COALESCE(TRIM(in_text), '') = '' THEN
            SET v_message = CONCAT(in_routine, ': a text is needed');
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = v_message;
        END IF;

        CASE in_change_kind
            WHEN 'assigned' THEN
                UPDATE risk_cases
                SET assignee = in_value, case_state = 'assigned'
                WHERE case_id = in_case_id;
            WHEN 'due_date' THEN
                UPDATE risk_cases
                SET due_at = in_value
                WHERE case_id = in_case_id;
            WHEN 'disposition' THEN
                UPDATE risk_cases
                SET
                    disposition = in_value,
                    case_state = IF(in_value = 'escalated', case_state, 'closed'),
                    closed_at = IF(in_value = 'escalated', NULL, UTC_TIMESTAMP())
                WHERE case_id = in_case_id;
            WHEN 'reopened' THEN
                UPDATE risk_cases
                SET
                    disposition = NULL,
                    case_state = IF(assignee IS NULL, 'open', 'assigned'),
                    closed_at = NULL
                WHERE case_id = in_case_id;
            ELSE
                SET v_message = NULL;
        END CASE;
        INSERT INTO risk_case_changes (
            case_id,
            change_kind,
            change_text,
            changed_by,
            changed_at
        ) VALUES (
            in_case_id,
            in_change_kind,
            in_text,
            acting_person(),
            UTC_TIMESTAMP()
        );
        COMMIT;
    END;
END$$

DELIMITER ;
