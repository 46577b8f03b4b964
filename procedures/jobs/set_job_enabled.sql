DELIMITER $$

CREATE OR REPLACE PROCEDURE set_job_enabled(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_is_enabled BOOLEAN
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Switches a job on or off for the scheduler; from the time it is switched on its schedule
counts anew.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job.
Transaction: owns.
Example: CALL set_job_enabled(''create_backup'', FALSE)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'set_job_enabled: called inside an open transaction';
    END IF;
    CALL check_session(FALSE);
    IF in_is_enabled IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'set_job_enabled: in_is_enabled is NULL';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.job_name = in_job) THEN
        SET v_message = CONCAT('set_job_enabled: there is no job ', COALESCE(in_job, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30601, MESSAGE_TEXT = v_message;
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('set_job_enabled', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        IF in_is_enabled AND EXISTS (
            SELECT 1 FROM jobs AS j WHERE j.job_name = in_job AND j.is_enabled = 0
        ) THEN
            INSERT INTO job_states (job_name, decided_until)
            VALUES (in_job, UTC_TIMESTAMP())
            ON DUPLICATE KEY UPDATE decided_until = VALUES(decided_until);
        END IF;
        UPDATE jobs
        SET is_enabled = (in_is_enabled <> 0)
        WHERE job_name = in_job;
        DELETE FROM job_dues
        WHERE job_name = in_job;
        COMMIT;
    END;
END$$

DELIMITER ;
