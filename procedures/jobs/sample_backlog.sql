DELIMITER $$

CREATE OR REPLACE PROCEDURE sample_backlog()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps how many payments and settlements are open in this hour, how much and how old, for
backlog_history_hour; an hour that has its sample keeps it.
Result: rows written.
Errors: 30001 open transaction, 30014 a setting of the session, 30602 the run was replaced.
Transaction: owns.
Example: CALL sample_backlog()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    -- Stocks are those of now: a session may not call them those of another hour.
    DECLARE v_now DATETIME DEFAULT LEAST(as_of(), server_clock());
    DECLARE v_hour DATETIME DEFAULT v_now - INTERVAL TIME_TO_SEC(TIME(v_now)) MOD 3600 SECOND;
    DECLARE v_rows BIGINT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'sample_backlog: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('sample_backlog', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        -- READ COMMITTED: INSERT ... SELECT would lock the payments that it counts.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        IF NOT EXISTS (SELECT 1 FROM backlog_samples AS b WHERE b.sample_hour = v_hour) THEN
            INSERT INTO backlog_samples (
                stock,
                sample_hour,
                member,
                open_count,
                open_amount,
                over_age_count,
                over_age_amount,
                oldest_at,
                sampled_at
            )
            SELECT
                'payment',
                v_hour,
                b.state,
                b.open_count,
                b.open_amount,
                b.over_age_count,
                b.over_age_amount,
                b.oldest_at,
                v_now
            FROM backlog_by_state AS b
            UNION ALL
            SELECT
                'settlement',
                v_hour,
                s.rail,
                s.pending_settlements,
                s.pending_amount,
                s.overdue_count,
                s.overdue_amount,
                NULL,
                v_now
            FROM settlement_pending AS s;
            SET v_rows = ROW_COUNT();
        END IF;
        COMMIT;
    END;
    SET @payops_job_rows = v_rows;
    SELECT v_rows AS sampled_count;
END$$

DELIMITER ;
