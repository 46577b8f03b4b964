DELIMITER $$

CREATE OR REPLACE PROCEDURE check_job_fence()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Refuses to go on when this connection works for a run of a job (@payops_job_name,
@payops_fencing_token) that another run has replaced, and keeps it from being replaced until the
transaction ends. Does nothing for anybody else.
Errors: 30602 the run was replaced, 30606 read-only server.
Transaction: joins.
Example: START TRANSACTION; CALL check_job_fence()'
BEGIN
    DECLARE v_token BIGINT;

    IF @payops_job_name IS NOT NULL THEN
        SELECT MAX(s.fencing_token)
        INTO v_token
        FROM job_states AS s
        WHERE s.job_name = CONVERT(@payops_job_name USING ascii) COLLATE ascii_bin
            AND s.running_run_id IS NOT NULL
        LOCK IN SHARE MODE;
        IF NOT (v_token <=> @payops_fencing_token) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30602,
                MESSAGE_TEXT = 'check_job_fence: the run of the job was given up for dead and replaced';
        END IF;
        IF @@GLOBAL.read_only = 1 THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30606,
                MESSAGE_TEXT = 'check_job_fence: the server is read-only, jobs run on the primary';
        END IF;
    END IF;
END$$

DELIMITER ;
