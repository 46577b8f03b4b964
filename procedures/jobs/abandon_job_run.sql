DELIMITER $$

CREATE OR REPLACE PROCEDURE abandon_job_run(
    IN in_run_id BIGINT,
    IN in_reason VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives a run up for dead: from here on nothing that it does is accepted, and its job may
start again. Does nothing when the run has ended. Waits for a transaction of the run that is under
way.
Errors: 30001 open transaction.
Transaction: owns.
Example: CALL abandon_job_run(17, ''its host is gone'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_try INT DEFAULT 0;
    DECLARE v_is_finished TINYINT DEFAULT 0;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_running TINYINT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'abandon_job_run: called inside an open transaction';
    END IF;

    REPEAT
        SET v_try = v_try + 1;
        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                CALL read_error(v_errno, v_state, v_message);
                ROLLBACK;
                -- A conflict of locks: nothing is done, so it is done again.
                IF v_errno NOT IN (1213, 1205, 1020, 1615) OR v_try >= 5 THEN
                    CALL log_routine_error('abandon_job_run', v_errno, v_state, v_message);
                    RESIGNAL;
                END IF;
            END;
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            SELECT MAX(r.job_name)
            INTO v_job
            FROM job_runs AS r
            WHERE r.run_id = in_run_id;
            -- By its key: a search would wait for the rows of every other job at work.
            SELECT COUNT(*)
            INTO v_is_running
            FROM job_states AS s
            WHERE s.job_name = v_job
                AND s.running_run_id = in_run_id
            FOR UPDATE;
            IF v_is_running THEN
                UPDATE job_states
                SET running_run_id = NULL
                WHERE job_name = v_job;
                UPDATE job_runs
                SET
                    run_state = 'abandoned',
                    ended_at = UTC_TIMESTAMP(3),
                    error_message = in_reason
                WHERE run_id = in_run_id;
            END IF;
            COMMIT;
            SET v_is_finished = 1;
        END;
    UNTIL v_is_finished
    END REPEAT;
END$$

DELIMITER ;
