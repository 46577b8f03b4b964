DELIMITER $$

CREATE OR REPLACE PROCEDURE set_job_schedule(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_schedule VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sets when a job runs; its schedule counts anew from now on.
Parameters:
    in_schedule: a cron expression or every N
    in_time_zone: the IANA zone of a cron expression, NULL for UTC
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job.
Transaction: owns.
Example: CALL set_job_schedule(''create_backup'', ''30 2 * * MON-FRI'', ''Europe/Berlin'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'set_job_schedule: called inside an open transaction';
    END IF;
    CALL check_session(FALSE);
    SET v_message = COALESCE(
        schedule_refusal(in_schedule),
        IF(
            COALESCE(in_time_zone, 'UTC') REGEXP '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
            NULL,
            'in_time_zone is no name of a time zone'));
    IF v_message IS NOT NULL THEN
        SET v_message = CONCAT('set_job_schedule: ', v_message);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = v_message;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.job_name = in_job) THEN
        SET v_message = CONCAT('set_job_schedule: there is no job ', COALESCE(in_job, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30601, MESSAGE_TEXT = v_message;
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('set_job_schedule', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        -- What the former schedule asked for before now is not made up for.
        INSERT INTO job_states (job_name, decided_until)
        VALUES (in_job, UTC_TIMESTAMP())
        ON DUPLICATE KEY UPDATE
            decided_until = GREATEST(
                COALESCE(decided_until, VALUES(decided_until)), VALUES(decided_until));
        UPDATE jobs
        SET
            schedule = in_schedule,
            time_zone = COALESCE(in_time_zone, 'UTC')
        WHERE job_name = in_job;
        -- The time that was due by the former schedule would make the job late.
        DELETE FROM job_dues
        WHERE job_name = in_job;
        COMMIT;
    END;
END$$

DELIMITER ;
