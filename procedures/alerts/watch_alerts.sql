DELIMITER $$

CREATE OR REPLACE PROCEDURE watch_alerts()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes what time alone makes due: notices of alerts whose silence ended or whose route has
its hours, reminders, escalations.
Result: notices written.
Errors: 30001 open transaction, 30602 the run was replaced, 30606 read-only server.
Transaction: owns.
Example: CALL watch_alerts()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_before BIGINT;
    DECLARE v_written BIGINT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'watch_alerts: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('watch_alerts', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        SET v_before = (SELECT COALESCE(MAX(n.notification_id), 0) FROM notifications AS n);
        CALL write_alert_notices(NULL);
        SET v_written = (
            SELECT COUNT(*) FROM notifications AS n WHERE n.notification_id > v_before
        );
        COMMIT;
    END;
    SET @payops_job_rows = v_written;
    SELECT v_written AS written_count;
END$$

DELIMITER ;
