DELIMITER $$

CREATE OR REPLACE PROCEDURE run_job(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_scheduled_for DATETIME,
    IN in_host VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_process VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_lease_token BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Runs a job whose command is a CALL, for one time of its schedule, and keeps what came of
it. A command that ends in a conflict (1213 deadlock, 1205 lock wait, 1020 record changed, 1615
routines replaced) is rolled back and called again, up to five times in all.
Parameters:
    in_scheduled_for: that time (UTC), NULL for now
    in_host, in_process: who runs it, NULL for this connection
    in_lease_token: fencing token of the scheduler, NULL without one
Result: those of the command, then run_id, outcome (succeeded, failed, taken, busy, skipped),
    error. Safe to call at any time, by several at once.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job,
    30602 the run was replaced, 30604 its command is a program, 30605 lease lost, 30606 read-only
    server.
Transaction: owns.
Example: CALL run_job(''refresh_kpis'', NULL, NULL, NULL, NULL)'
BEGIN
    DECLARE v_command VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT SHA2(CONCAT(DATABASE(), '.job.', COALESCE(in_job, '')), 256);
    DECLARE v_run_id BIGINT;
    DECLARE v_fencing_token BIGINT;
    DECLARE v_outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin DEFAULT 'busy';
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_attempt INT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'run_job: called inside an open transaction';
    END IF;
    SELECT
        MAX(j.command_kind),
        MAX(j.command_text)
    INTO v_kind, v_command
    FROM jobs AS j
    WHERE j.job_name = in_job;
    IF v_kind = 'payops' THEN
        SET v_message = CONCAT(
            'run_job: ', in_job, ' is the work of a program: run payops jobs run ', in_job);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30604, MESSAGE_TEXT = v_message;
    END IF;

    -- The lock shows others on this server that the run lives as long as its connection; what
    -- makes the start exactly once is the key of job_runs.
    IF COALESCE(GET_LOCK(v_lock, 0), 0) = 1 THEN
        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                DO RELEASE_LOCK(v_lock);
                RESIGNAL;
            END;
            CALL claim_job_run(
                in_job, COALESCE(in_scheduled_for, UTC_TIMESTAMP()),
                COALESCE(in_host, @@hostname),
                COALESCE(in_process, CONCAT('connection ', CONNECTION_ID())), NULL, in_lease_token,
                v_run_id, v_fencing_token, v_outcome);
            IF v_outcome = 'started' THEN
                SET @payops_job_name = in_job;
                SET @payops_fencing_token = v_fencing_token;
                SET @payops_job_rows = NULL;
                REPEAT
                    SET v_attempt = v_attempt + 1;
                    SET v_outcome = 'succeeded';
                    SET v_errno = NULL;
                    SET v_message = NULL;
                    BEGIN
                        DECLARE EXIT HANDLER FOR SQLEXCEPTION
                        BEGIN
                            CALL read_error(v_errno, v_state, v_message);
                            ROLLBACK;
                            SET v_outcome = 'failed';
                        END;
                        EXECUTE IMMEDIATE v_command;
                    END;
                UNTIL v_outcome = 'succeeded' OR v_attempt >= 5 OR v_errno NOT IN (1213, 1205, 1020, 1615)
                END REPEAT;
                SET @payops_job_name = NULL;
                SET @payops_fencing_token = NULL;
                CALL finish_job_run(
                    v_run_id, v_fencing_token, v_outcome, @payops_job_rows, v_errno, v_message,
                    NULL);
            END IF;
        END;
        DO RELEASE_LOCK(v_lock);
    ELSEIF v_kind IS NULL THEN
        SET v_message = CONCAT('run_job: there is no job ', COALESCE(in_job, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30601, MESSAGE_TEXT = v_message;
    END IF;

    SELECT
        v_run_id AS run_id,
        v_outcome AS outcome,
        v_errno AS error_number,
        v_message AS error_message;
END$$

DELIMITER ;
