DELIMITER $$

CREATE OR REPLACE PROCEDURE request_job_run(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_value VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Asks the scheduler for a run of a job beside its schedule; it starts within seconds, with the
files and the account of the scheduler. What was asked for within the same second is one run.
Parameters:
    in_value: what the run is for, where the job takes a value (jobs.request_text), NULL without
Result: request_id, requested_for (UTC; the run has it as scheduled_for), has_scheduler (0 when no
    scheduler is running at present).
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job,
    30607 the job is switched off.
Transaction: owns.
Example: CALL request_job_run(''create_backup'', NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_enabled TINYINT;
    DECLARE v_request_text VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME DEFAULT UTC_TIMESTAMP();
    DECLARE v_request_id BIGINT;
    DECLARE v_value VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_try INT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'request_job_run: called inside an open transaction';
    END IF;
    CALL check_session(FALSE);
    SELECT
        MAX(j.is_enabled),
        MAX(j.request_text)
    INTO v_is_enabled, v_request_text
    FROM jobs AS j
    WHERE j.job_name = in_job;
    IF v_is_enabled IS NULL THEN
        SET v_message = CONCAT('request_job_run: there is no job ', COALESCE(in_job, 'NULL'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30601, MESSAGE_TEXT = v_message;
    END IF;
    IF in_value IS NOT NULL AND (
        v_request_text IS NULL OR in_value NOT REGEXP '^[A-Za-z0-9][A-Za-z0-9._-]*$'
    ) THEN
        SET v_message = CONCAT(
            'request_job_run: ', in_job,
            IF(
                v_request_text IS NULL, ' takes no value',
                ' takes a value of letters, digits, dots, dashes and underscores'));
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = v_message;
    END IF;
    IF NOT v_is_enabled THEN
        SET v_message = CONCAT(
            'request_job_run: ', in_job, ' is switched off; set_job_enabled switches it on');
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30607, MESSAGE_TEXT = v_message;
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('request_job_run', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        -- Another value within the same second has the next free second.
        REPEAT
            INSERT INTO job_requests (job_name, requested_for, request_value, requested_by)
            VALUES (in_job, v_now + INTERVAL v_try SECOND, in_value, acting_person())
            ON DUPLICATE KEY UPDATE request_id = LAST_INSERT_ID(request_id);
            SET v_request_id = LAST_INSERT_ID();
            SELECT
                r.request_value,
                r.requested_for
            INTO v_value, v_now
            FROM job_requests AS r
            WHERE r.request_id = v_request_id;
            SET v_try = 1;
        UNTIL v_value <=> in_value
        END REPEAT;
        COMMIT;
    END;

    SELECT
        v_request_id AS request_id,
        v_now AS requested_for,
        EXISTS (
            SELECT 1
            FROM scheduler_leases AS l
            WHERE l.lease_name = 'scheduler' AND l.expires_at > UTC_TIMESTAMP(3)
        ) AS has_scheduler;
END$$

DELIMITER ;
