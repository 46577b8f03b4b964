DELIMITER $$

CREATE OR REPLACE PROCEDURE purge_history()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Deletes what the settings history_days_... no longer keep: ended runs of jobs, errors of
routines, resolved alerts, ended marks of stuck payments, samples of the backlog; at most 10,000 rows of each in one call.
Result: rows deleted.
Errors: 30001 open transaction, 30014 a setting of the session, 30602 the run was replaced.
Transaction: owns.
Example: CALL purge_history()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_deleted BIGINT DEFAULT 0;
    DECLARE v_jobs INT;
    DECLARE v_errors INT;
    DECLARE v_alerts INT;
    DECLARE v_backlog INT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'purge_history: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);
    SELECT
        MAX(IF(g.setting_name = 'history_days_jobs', g.setting_value, NULL)),
        MAX(IF(g.setting_name = 'history_days_errors', g.setting_value, NULL)),
        MAX(IF(g.setting_name = 'history_days_alerts', g.setting_value, NULL)),
        MAX(IF(g.setting_name = 'history_days_backlog', g.setting_value, NULL))
    INTO v_jobs, v_errors, v_alerts, v_backlog
    FROM settings AS g;
    -- With autocommit off, reading opened a transaction, and the level is set outside of one.
    COMMIT;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('purge_history', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        -- A time that the scheduler might still ask for stays: its key is what makes it run once.
        DELETE FROM job_runs
        WHERE scheduled_for < UTC_TIMESTAMP() - INTERVAL v_jobs DAY
            AND run_state <> 'running'
        ORDER BY scheduled_for
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM job_requests
        WHERE requested_for < UTC_TIMESTAMP() - INTERVAL v_jobs DAY
        ORDER BY requested_for
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM routine_errors
        WHERE failed_at < UTC_TIMESTAMP() - INTERVAL v_errors DAY
        ORDER BY failed_at
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM alerts
        WHERE resolved_at < UTC_TIMESTAMP() - INTERVAL v_alerts DAY
        ORDER BY resolved_at
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM notifications
        WHERE created_at < UTC_TIMESTAMP() - INTERVAL v_alerts DAY
            AND notice_state NOT IN ('waiting', 'sending')
        ORDER BY created_at
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM stuck_payments
        WHERE cleared_at < UTC_TIMESTAMP() - INTERVAL v_alerts DAY
        ORDER BY cleared_at
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        DELETE FROM backlog_samples
        WHERE sample_hour < UTC_TIMESTAMP() - INTERVAL v_backlog DAY
        ORDER BY sample_hour
        LIMIT 10000;
        SET v_deleted = v_deleted + ROW_COUNT();
        COMMIT;
    END;
    SET @payops_job_rows = v_deleted;
    SELECT v_deleted AS deleted_count;
END$$

DELIMITER ;
