DELIMITER $$

CREATE OR REPLACE PROCEDURE open_case(
    IN in_customer_id BIGINT,
    IN in_reason VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_case_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Opens a case of a customer by hand, with the hits of the customer that are in no case; there
need be none.
Parameters:
    in_reason: why, in words; kept in the log of the case
    out_case_id: the case
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30502 no such
    customer, 30510 the customer has a case that is not closed.
Transaction: owns.
Example: CALL open_case(7, ''letter of the police'', @case)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_sqlstate CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_due_days INT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'open_case: called inside an open transaction';
    END IF;
    CALL check_session(TRUE);
    IF COALESCE(TRIM(in_reason), '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'open_case: a reason is needed';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM customers AS c WHERE c.customer_id = in_customer_id) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30502,
            MESSAGE_TEXT = 'open_case: the customer does not exist';
    END IF;
    SELECT g.setting_value + 0
    INTO v_due_days
    FROM settings AS g
    WHERE g.setting_name = 'case_due_days';
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_sqlstate, v_message);
            ROLLBACK;
            SET out_case_id = NULL;
            CALL log_routine_error('open_case', v_errno, v_sqlstate, v_message);
            -- Also when rules open one in this moment.
            IF v_errno = 1062 THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30510,
                    MESSAGE_TEXT = 'open_case: the customer has a case that is not closed';
            END IF;
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        INSERT INTO risk_cases (customer_id, opened_at, due_at)
        VALUES (in_customer_id, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL v_due_days DAY);
        SET out_case_id = LAST_INSERT_ID();
        INSERT INTO risk_case_changes (
            case_id,
            change_kind,
            change_text,
            changed_by,
            changed_at
        ) VALUES (
            out_case_id,
            'opened',
            CONCAT('by hand: ', TRIM(in_reason)),
            acting_person(),
            UTC_TIMESTAMP()
        );
        INSERT IGNORE INTO risk_case_hits (hit_id, case_id, added_at)
        SELECT
            h.hit_id,
            out_case_id,
            UTC_TIMESTAMP()
        FROM risk_hits AS h
        LEFT JOIN risk_case_hits AS x ON x.hit_id = h.hit_id
        WHERE h.customer_id = in_customer_id
            AND x.hit_id IS NULL;
        COMMIT;
    END;
END$$

DELIMITER ;
