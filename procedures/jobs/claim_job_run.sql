DELIMITER $$

CREATE OR REPLACE PROCEDURE claim_job_run(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_scheduled_for DATETIME,
    IN in_host VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_process VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_alive_seconds INT,
    IN in_lease_token BIGINT,
    OUT out_run_id BIGINT,
    OUT out_fencing_token BIGINT,
    OUT out_outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Starts the run of a job for one time of its schedule, or says why not.
Parameters:
    in_alive_seconds: how long it counts as alive without a sign, NULL as long as its connection
    in_lease_token: fencing token of the scheduler that starts it, NULL for anybody else
Outcome: started; taken (that time is decided); busy (the job runs, ask again); skipped (the job
    runs, and that time is over).
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job,
    30605 the lease of the scheduler is lost, 30606 read-only server.
Transaction: owns. Helper'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_try INT DEFAULT 0;
    DECLARE v_is_finished TINYINT DEFAULT 0;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_running BIGINT;
    DECLARE v_is_dead TINYINT DEFAULT 0;
    DECLARE v_overlap VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_maximum INT;
    DECLARE v_retry_seconds INT;
    DECLARE v_run BIGINT;
    DECLARE v_run_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_attempts INT DEFAULT 0;
    DECLARE v_ended_at DATETIME(3);

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'claim_job_run: called inside an open transaction';
    END IF;
    CALL check_session(FALSE);
    -- A definer who may write on a read-only server would go on after another one took over.
    IF @@GLOBAL.read_only = 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30606,
            MESSAGE_TEXT = 'claim_job_run: the server is read-only, jobs run on the primary';
    END IF;
    IF in_scheduled_for IS NULL OR COALESCE(in_host, '') = '' OR COALESCE(in_process, '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'claim_job_run: the time, the host or the process is missing';
    END IF;
    SELECT
        MAX(j.overlap),
        MAX(j.maximum_attempts),
        MAX(j.retry_seconds)
    INTO v_overlap, v_maximum, v_retry_seconds
    FROM jobs AS j
    WHERE j.job_name = in_job;
    IF v_overlap IS NULL THEN
        SET v_message = CONCAT('claim_job_run: there is no job ', COALESCE(in_job, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30601, MESSAGE_TEXT = v_message;
    END IF;

    REPEAT
        SET v_try = v_try + 1;
        SET v_run = NULL;
        SET v_running = NULL;
        SET v_is_dead = 0;
        SET out_run_id = NULL;
        SET out_fencing_token = NULL;
        SET out_outcome = 'busy';
        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                CALL read_error(v_errno, v_state, v_message);
                ROLLBACK;
                -- A conflict of locks: nothing is done, so it is done again.
                IF v_errno NOT IN (1213, 1205, 1020, 1615) OR v_try >= 5 THEN
                    CALL log_routine_error('claim_job_run', v_errno, v_state, v_message);
                    RESIGNAL;
                END IF;
            END;
            INSERT IGNORE INTO job_states (job_name) VALUES (in_job);
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_scheduler_lease(in_lease_token);
            claim: BEGIN
                -- A transaction of the run under way holds the row: it is alive.
                DECLARE v_locked TINYINT DEFAULT NULL;
                SELECT
                    1,
                    s.running_run_id
                INTO v_locked, v_running
                FROM job_states AS s
                WHERE s.job_name = in_job
                FOR UPDATE SKIP LOCKED;
                SELECT
                    r.run_id,
                    r.run_state,
                    r.attempt_count,
                    r.ended_at
                INTO v_run, v_run_state, v_attempts, v_ended_at
                FROM job_runs AS r
                WHERE r.job_name = in_job
                    AND r.scheduled_for = in_scheduled_for;
                IF v_locked IS NULL THEN
                    LEAVE claim;
                END IF;

                IF v_running IS NOT NULL THEN
                    SELECT
                        IF(
                            r.alive_until IS NULL,
                            IS_USED_LOCK(SHA2(CONCAT(DATABASE(), '.job.', in_job), 256)) IS NULL
                                OR IS_USED_LOCK(SHA2(CONCAT(DATABASE(), '.job.', in_job), 256))
                                    = CONNECTION_ID(),
                            r.alive_until <= UTC_TIMESTAMP(3))
                    INTO v_is_dead
                    FROM job_runs AS r
                    WHERE r.run_id = v_running;
                    IF v_is_dead THEN
                        UPDATE job_runs
                        SET
                            run_state = 'abandoned',
                            ended_at = UTC_TIMESTAMP(3),
                            error_message = 'gave no sign of life any more'
                        WHERE run_id = v_running;
                        UPDATE job_states
                        SET running_run_id = NULL
                        WHERE job_name = in_job;
                        IF v_running = v_run THEN
                            SET v_run_state = 'abandoned';
                            SET v_ended_at = UTC_TIMESTAMP(3);
                        END IF;
                        SET v_running = NULL;
                    END IF;
                END IF;

                IF v_run IS NOT NULL AND NOT (
                    v_run_state IN ('failed', 'timed_out', 'abandoned') AND v_attempts < v_maximum
                ) THEN
                    SET out_outcome = 'taken';
                    SET out_run_id = v_run;
                    LEAVE claim;
                END IF;
                IF v_running IS NOT NULL THEN
                    IF v_run IS NULL AND v_overlap = 'skip' THEN
                        INSERT INTO job_runs (
                            job_name, scheduled_for, run_state, attempt_count, host_name,
                            process_name, fencing_token, ended_at, error_message
                        ) VALUES (
                            in_job, in_scheduled_for, 'skipped', 0, in_host,
                            in_process, 0, UTC_TIMESTAMP(3), 'the run before it was still under way'
                        );
                        SET out_run_id = LAST_INSERT_ID();
                        UPDATE job_states
                        SET decided_until
                            = GREATEST(COALESCE(decided_until, in_scheduled_for), in_scheduled_for)
                        WHERE job_name = in_job;
                        SET out_outcome = 'skipped';
                    END IF;
                    LEAVE claim;
                END IF;
                -- What failed waits before it is tried again; what was abandoned does not.
                IF v_run_state IN ('failed', 'timed_out')
                    AND v_ended_at + INTERVAL v_retry_seconds * POW(2, v_attempts - 1) SECOND
                        > UTC_TIMESTAMP(3)
                THEN
                    LEAVE claim;
                END IF;

                UPDATE job_states
                SET
                    fencing_token = fencing_token + 1,
                    decided_until
                        = GREATEST(COALESCE(decided_until, in_scheduled_for), in_scheduled_for)
                WHERE job_name = in_job;
                SELECT s.fencing_token
                INTO out_fencing_token
                FROM job_states AS s
                WHERE s.job_name = in_job;
                INSERT INTO job_runs (
                    job_name, scheduled_for, run_state, host_name, process_name, fencing_token,
                    started_at, alive_until
                ) VALUES (
                    in_job, in_scheduled_for, 'running', in_host, in_process, out_fencing_token,
                    UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL in_alive_seconds SECOND
                )
                ON DUPLICATE KEY UPDATE
                    run_id = LAST_INSERT_ID(run_id),
                    run_state = VALUES(run_state),
                    attempt_count = attempt_count + 1,
                    host_name = VALUES(host_name),
                    process_name = VALUES(process_name),
                    fencing_token = VALUES(fencing_token),
                    started_at = VALUES(started_at),
                    alive_until = VALUES(alive_until),
                    ended_at = NULL,
                    row_count = NULL,
                    error_number = NULL,
                    error_message = NULL,
                    output_tail = NULL;
                SET out_run_id = LAST_INSERT_ID();
                UPDATE job_states
                SET running_run_id = out_run_id
                WHERE job_name = in_job;
                SET out_outcome = 'started';
            END;
            COMMIT;
            SET v_is_finished = 1;
        END;
    UNTIL v_is_finished
    END REPEAT;
END$$

DELIMITER ;
