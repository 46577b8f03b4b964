DELIMITER $$

CREATE OR REPLACE PROCEDURE renew_job_run(
    IN in_run_id BIGINT,
    IN in_fencing_token BIGINT,
    IN in_alive_seconds INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'A sign of life of a run.
Result: is_current, 0 when the run was given up and must stop.
Errors: none of its own.
Transaction: joins.
Example: CALL renew_job_run(17, 4, 60)'
BEGIN
    UPDATE job_runs AS r
    SET r.alive_until = UTC_TIMESTAMP(3) + INTERVAL in_alive_seconds SECOND
    WHERE r.run_id = in_run_id
        AND r.fencing_token = in_fencing_token
        AND r.run_state = 'running';
    SELECT COUNT(*) AS is_current
    FROM job_runs AS r
    WHERE r.run_id = in_run_id
        AND r.fencing_token = in_fencing_token
        AND r.run_state = 'running';
END$$

DELIMITER ;
