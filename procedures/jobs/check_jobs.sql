DELIMITER $$

CREATE OR REPLACE PROCEDURE check_jobs(
    IN in_watchdog VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Looks whether jobs start in time and whether a scheduler is there: raises and resolves the
alerts job_late and scheduler_silent. Jobs that are late because no scheduler is there have no alert
of their own: scheduler_silent, CRITICAL after a scheduler that vanished, WARNING after one that was
stopped, names them.
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
    DECLARE v_is_own TINYINT;
    DECLARE v_is_orphan TINYINT;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_now DATETIME(3);
    DECLARE v_holder VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_released TINYINT;
    DECLARE v_acquired_at DATETIME(3);
    DECLARE v_renewed_at DATETIME(3);
    DECLARE v_expires_at DATETIME(3);
    DECLARE v_orphan_count INT DEFAULT 0;
    DECLARE v_orphans VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT '';
    DECLARE c_jobs CURSOR FOR
        SELECT
            d.job_name,
            d.next_due_at,
            j.is_enabled = 1
                AND j.alerts_when_late = 1
                AND d.next_due_at + INTERVAL j.grace_seconds SECOND < v_now
                AND NOT EXISTS (
                    SELECT 1
                    FROM job_runs AS r
                    WHERE r.job_name = d.job_name
                        AND r.scheduled_for >= d.next_due_at
                        AND r.run_state <> 'missed'
                ),
            -- A scheduler was there when the grace period was over. One that has just come makes
            -- up for what it finds: it gets a minute. A cron line with payops run --once comes each
            -- minute anew, and releases the lease.
            v_renewed_at IS NULL
                OR (
                    v_renewed_at >= d.next_due_at + INTERVAL j.grace_seconds SECOND
                    AND (v_is_released = 1 OR v_acquired_at <= v_now - INTERVAL 60 SECOND)
                ),
            -- None was, since then or at all.
            v_renewed_at < d.next_due_at + INTERVAL j.grace_seconds SECOND
        FROM job_dues AS d
        INNER JOIN jobs AS j ON j.job_name = d.job_name
        ORDER BY d.job_name;
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

        SET v_now = UTC_TIMESTAMP(3);
        SELECT
            MAX(l.holder),
            MAX(l.is_released),
            MAX(l.acquired_at),
            MAX(l.renewed_at),
            MAX(l.expires_at)
        INTO v_holder, v_is_released, v_acquired_at, v_renewed_at, v_expires_at
        FROM scheduler_leases AS l
        WHERE l.lease_name = 'scheduler'
            AND l.holder <> '';

        OPEN c_jobs;
        jobs: LOOP
            FETCH c_jobs INTO v_job, v_due_at, v_is_late, v_is_own, v_is_orphan;
            IF v_is_done THEN
                LEAVE jobs;
            END IF;
            IF NOT v_is_late THEN
                CALL resolve_alert('job_late', v_job);
            ELSEIF v_is_own THEN
                CALL raise_alert(
                    'job_late', v_job, 'WARNING', CONCAT('due at ', v_due_at, ' UTC, not started'));
            ELSEIF v_is_orphan THEN
                SET v_orphan_count = v_orphan_count + 1;
                SET v_orphans = LEFT(CONCAT_WS(', ', NULLIF(v_orphans, ''), v_job), 300);
            END IF;
        END LOOP;
        CLOSE c_jobs;

        -- Silent is who did not give the office back and says nothing more. After one that did,
        -- nobody is missed until a job is late.
        IF v_is_released = 0 AND v_expires_at + INTERVAL 60 SECOND < v_now THEN
            CALL raise_alert(
                'scheduler_silent', 'payops run', 'CRITICAL',
                LEFT(CONCAT(
                    v_holder, ' gave its last sign at ', LEFT(v_renewed_at, 19), ' UTC',
                    IF(v_orphan_count = 0, '', CONCAT('; ', v_orphan_count, ' jobs are late: ',
                        v_orphans))), 512));
        ELSEIF v_is_released = 1 AND v_orphan_count > 0 THEN
            CALL raise_alert(
                'scheduler_silent', 'payops run', 'WARNING',
                LEFT(CONCAT(
                    'no scheduler is running since ', v_holder, ' was stopped at ',
                    LEFT(v_renewed_at, 19), ' UTC; ', v_orphan_count, ' jobs are late: ',
                    v_orphans), 512));
        ELSE
            CALL resolve_alert('scheduler_silent', 'payops run');
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
