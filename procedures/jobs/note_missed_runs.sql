DELIMITER $$

CREATE OR REPLACE PROCEDURE note_missed_runs(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_last DATETIME,
    IN in_count BIGINT,
    IN in_lease_token BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps that in_count times of the schedule of a job up to in_last (UTC) are not made up
for: one row of state missed.
Result: is_noted, 0 when the job is busy and it must be said again.
Errors: 30001 open transaction, 30605 lease lost.
Transaction: owns.
Example: CALL note_missed_runs(''refresh_kpis'', ''2026-11-21 10:00:00'', 12, NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_noted TINYINT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'note_missed_runs: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('note_missed_runs', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        INSERT IGNORE INTO job_states (job_name) VALUES (in_job);
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_scheduler_lease(in_lease_token);
        -- No row when a transaction of a run holds it.
        SELECT 1
        INTO v_is_noted
        FROM job_states AS s
        WHERE s.job_name = in_job
        FOR UPDATE SKIP LOCKED;
        IF v_is_noted = 1 THEN
            IF in_count > 0 THEN
                INSERT IGNORE INTO job_runs (
                    job_name, scheduled_for, run_state, attempt_count, host_name, process_name,
                    fencing_token, ended_at, missed_count, error_message
                ) VALUES (
                    in_job, in_last, 'missed', 0, '', '', 0, UTC_TIMESTAMP(3), in_count,
                    'no scheduler was there in time'
                );
            END IF;
            UPDATE job_states
            SET decided_until = GREATEST(COALESCE(decided_until, in_last), in_last)
            WHERE job_name = in_job;
        END IF;
        COMMIT;
    END;
    SELECT v_is_noted AS is_noted;
END$$

DELIMITER ;
