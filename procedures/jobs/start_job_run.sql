DELIMITER $$

CREATE OR REPLACE PROCEDURE start_job_run(
    IN in_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_scheduled_for DATETIME,
    IN in_host VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_process VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_alive_seconds INT,
    IN in_lease_token BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Starts the run of a job that a program does itself, for one time of its schedule.
Parameters:
    in_alive_seconds: how long it counts as alive without renew_job_run
    in_lease_token: fencing token of the scheduler, NULL without one
Result: run_id, fencing_token, outcome (started, taken, busy, skipped).
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30601 no such job,
    30605 lease lost, 30606 read-only server.
Transaction: owns.
Example: CALL start_job_run(''back_up'', UTC_TIMESTAMP(), ''db1'', ''4711'', 60, NULL)'
BEGIN
    DECLARE v_run_id BIGINT;
    DECLARE v_fencing_token BIGINT;
    DECLARE v_outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    CALL claim_job_run(
        in_job, in_scheduled_for, in_host, in_process, COALESCE(in_alive_seconds, 60),
        in_lease_token, v_run_id, v_fencing_token, v_outcome);
    SELECT
        v_run_id AS run_id,
        v_fencing_token AS fencing_token,
        v_outcome AS outcome;
END$$

DELIMITER ;
