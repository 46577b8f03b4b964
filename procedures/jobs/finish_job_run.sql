DELIMITER $$

CREATE OR REPLACE PROCEDURE finish_job_run(
    IN in_run_id BIGINT,
    IN in_fencing_token BIGINT,
    IN in_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_row_count BIGINT,
    IN in_error_number INT,
    IN in_error_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_output_tail VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Ends a run: in_state is succeeded, failed or timed_out. The last attempt that fails raises
the alert job_failed where the job asks for it; success ends it.
Errors: 30001 open transaction, 30002 argument, 30602 the run was replaced.
Transaction: owns.
Example: CALL finish_job_run(17, 4, ''succeeded'', 120, NULL, NULL, NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_try INT DEFAULT 0;
    DECLARE v_is_finished TINYINT DEFAULT 0;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_current TINYINT;
    DECLARE v_alerts TINYINT;
    DECLARE v_attempts INT;
    DECLARE v_maximum INT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'finish_job_run: called inside an open transaction';
    END IF;
    IF NOT COALESCE(in_state IN ('succeeded', 'failed', 'timed_out'), FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'finish_job_run: in_state is not succeeded, failed or timed_out';
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
                    CALL log_routine_error('finish_job_run', v_errno, v_state, v_message);
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
            INTO v_is_current
            FROM job_states AS s
            WHERE s.job_name = v_job
                AND s.running_run_id = in_run_id
                AND s.fencing_token = in_fencing_token
            FOR UPDATE;
            IF NOT v_is_current THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30602,
                    MESSAGE_TEXT = 'finish_job_run: the run of the job was given up for dead and replaced';
            END IF;
            UPDATE job_states
            SET running_run_id = NULL
            WHERE job_name = v_job;
            UPDATE job_runs
            SET
                run_state = in_state,
                ended_at = UTC_TIMESTAMP(3),
                row_count = in_row_count,
                error_number = in_error_number,
                error_message = in_error_message,
                output_tail = in_output_tail
            WHERE run_id = in_run_id;

            SELECT
                j.alerts_when_failed,
                j.maximum_attempts,
                r.attempt_count
            INTO v_alerts, v_maximum, v_attempts
            FROM jobs AS j
            INNER JOIN job_runs AS r ON r.job_name = j.job_name
            WHERE r.run_id = in_run_id;
            IF in_state = 'succeeded' THEN
                CALL resolve_alert('job_failed', v_job);
                CALL resolve_alert('job_late', v_job);
            ELSEIF v_alerts AND v_attempts >= v_maximum THEN
                CALL raise_alert(
                    'job_failed', v_job, 'CRITICAL',
                    LEFT(CONCAT(
                        'run ', in_run_id, ' ', in_state, ' at attempt ', v_attempts, ': ',
                        COALESCE(in_error_message, 'no message')), 512));
            END IF;
            COMMIT;
            SET v_is_finished = 1;
        END;
    UNTIL v_is_finished
    END REPEAT;
END$$

DELIMITER ;
