DELIMITER $$

CREATE OR REPLACE PROCEDURE check_jobs(
    IN in_watchdog VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Looks whether jobs start in time and whether a scheduler is there: raises and resolves the
alerts job_late and scheduler_silent.
Parameters:
    in_watchdog: who looks, kept with the time; NULL for nobody
Errors: 30001 open transaction.
Transaction: owns.
Example: CALL check_jobs(''event'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_due_at DATETIME;
    DECLARE v_is_late TINYINT;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_silent_since DATETIME(3);
    DECLARE v_holder VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE c_jobs CURSOR FOR
        SELECT
            d.job_name,
            d.next_due_at,
            j.is_enabled = 1
                AND j.alerts_when_late = 1
                AND d.next_due_at + INTERVAL j.grace_seconds SECOND < UTC_TIMESTAMP()
                AND NOT EXISTS (
                    SELECT 1
                    FROM job_runs AS r
                    WHERE r.job_name = d.job_name
                        AND r.scheduled_for >= d.next_due_at
                        AND r.run_state <> 'missed'
                )
        FROM job_dues AS d
        INNER JOIN jobs AS j ON j.job_name = d.job_name;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'check_jobs: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('check_jobs', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        IF in_watchdog IS NOT NULL THEN
            INSERT INTO watchdog_ticks (watchdog_name, ticked_at)
            VALUES (in_watchdog, UTC_TIMESTAMP(3))
            ON DUPLICATE KEY UPDATE ticked_at = VALUES(ticked_at);
        END IF;

        OPEN c_jobs;
        jobs: LOOP
            FETCH c_jobs INTO v_job, v_due_at, v_is_late;
            IF v_is_done THEN
                LEAVE jobs;
            END IF;
            IF v_is_late THEN
                CALL raise_alert(
                    'job_late', v_job, 'WARNING', CONCAT('due at ', v_due_at, ' UTC, not started'));
            ELSE
                CALL resolve_alert('job_late', v_job);
            END IF;
        END LOOP;
        CLOSE c_jobs;

        -- Silent is who did not give the office back and says nothing more.
        SELECT
            MAX(l.renewed_at),
            MAX(l.holder)
        INTO v_silent_since, v_holder
        FROM scheduler_leases AS l
        WHERE l.lease_name = 'scheduler'
            AND l.is_released = 0
            AND l.expires_at + INTERVAL 60 SECOND < UTC_TIMESTAMP(3);
        IF v_silent_since IS NOT NULL THEN
            CALL raise_alert(
                'scheduler_silent', 'payops run', 'CRITICAL',
                LEFT(CONCAT(v_holder, ' gave its last sign at ', v_silent_since, ' UTC'), 512));
        ELSE
            CALL resolve_alert('scheduler_silent', 'payops run');
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
