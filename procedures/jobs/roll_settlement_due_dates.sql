DELIMITER $$

CREATE OR REPLACE PROCEDURE roll_settlement_due_dates()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Works the due times of pending settlements that are not yet due out anew, after a holiday or a cut-off was changed; those that are due already stay as promised. Result: rolled. Errors: 30001 open transaction, 30014 a setting of the session, 30602 the run was replaced. Transaction: owns. Example: CALL roll_settlement_due_dates()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_rolled BIGINT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'roll_settlement_due_dates: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            GET DIAGNOSTICS CONDITION 1
                v_errno = MYSQL_ERRNO, v_state = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT;
            ROLLBACK;
            CALL log_routine_error('roll_settlement_due_dates', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        UPDATE settlements AS s
        SET s.due_at = settlement_due_at(s.rail, s.accepted_at)
        WHERE s.settlement_status = 'pending'
            AND s.due_at > as_of()
            AND settlement_due_at(s.rail, s.accepted_at) <> s.due_at;
        SET v_rolled = ROW_COUNT();
        COMMIT;
    END;
    SET @payops_job_rows = v_rolled;
    SELECT v_rolled AS rolled_count;
END$$

DELIMITER ;
