DELIMITER $$

CREATE OR REPLACE PROCEDURE rebuild_rollups(
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Replaces the rollups of the UTC days in_from to in_to by what the base tables say, for
changes that no trigger saw. Changes that are captured and not yet applied stay for
refresh_rollups. Where the sums of a day do not fit, its rows go into the logs, and refresh_rollups
sets aside what the rollups cannot hold. Days of which neither base tables nor rollups have
anything cost nothing.
Result: days rebuilt, and how many of them went into the logs.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 range.
Transaction: owns one a day.
Example: CALL rebuild_rollups(''2026-11-01'', ''2026-11-30'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_detail_from DATE;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_date DATE;
    DECLARE v_fits BOOLEAN DEFAULT TRUE;
    DECLARE v_days INT DEFAULT 0;
    DECLARE v_logged_days INT DEFAULT 0;
    DECLARE v_attempts INT DEFAULT 1;
    DECLARE v_is_done BOOLEAN DEFAULT FALSE;

    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'rebuild_rollups: in_from and in_to are not a range of days';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'rebuild_rollups: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL drop_rollup_batches();
            CALL log_routine_error('rebuild_rollups', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL list_rollup_days(in_from, in_to);
        COMMIT;
        SELECT MIN(d.rollup_date) INTO v_date FROM rollup_days AS d;
        WHILE v_date IS NOT NULL DO
            day: BEGIN
                DECLARE EXIT HANDLER FOR SQLEXCEPTION
                BEGIN
                    CALL read_error(v_errno, v_state, v_message);
                    -- A conflict of locks, or a record that changed since it was read: the day again.
                    IF v_errno IN (1213, 1205, 1020, 1615) AND v_attempts < 5 THEN
                        SET v_attempts = v_attempts + 1;
                    ELSEIF v_fits AND is_data_error(v_errno, v_state) THEN
                        SET v_fits = FALSE;
                    ELSE
                        RESIGNAL;
                    END IF;
                    ROLLBACK;
                END;
                SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
                START TRANSACTION;
                CALL lock_rollup_state();
                IF v_fits THEN
                    CALL create_rollup_batches();
                    CALL collect_rollup_day(v_date);
                    CALL aggregate_rollup_batches(v_detail_from);
                    CALL clear_rollup_day(v_date);
                    CALL apply_rollup_deltas();
                ELSE
                    CALL clear_rollup_day(v_date);
                    CALL log_rollup_day(v_date);
                    SET v_logged_days = v_logged_days + 1;
                END IF;
                CALL note_rollup_progress(0);
                UPDATE rollup_state
                SET rebuilt_days = rebuilt_days + 1
                WHERE state_id = 1;
                COMMIT;
                SET v_fits = TRUE;
                SET v_attempts = 1;
                SET v_days = v_days + 1;
                SELECT MIN(d.rollup_date)
                INTO v_date
                FROM rollup_days AS d
                WHERE d.rollup_date > v_date;
            END day;
        END WHILE;
        DROP TEMPORARY TABLE rollup_days;
        CALL drop_rollup_batches();

        REPEAT
            windows: BEGIN
                DECLARE EXIT HANDLER FOR SQLEXCEPTION
                BEGIN
                    CALL read_error(v_errno, v_state, v_message);
                    IF v_errno NOT IN (1213, 1205, 1020, 1615) OR v_attempts >= 5 THEN
                        RESIGNAL;
                    END IF;
                    ROLLBACK;
                    SET v_attempts = v_attempts + 1;
                END;
                SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
                START TRANSACTION;
                CALL lock_rollup_state();
                CALL rebuild_account_window(
                    (SELECT s.window_end_date FROM rollup_state AS s WHERE s.state_id = 1));
                CALL rebuild_customer_window();
                COMMIT;
                SET v_is_done = TRUE;
            END windows;
        UNTIL v_is_done
        END REPEAT;
    END;

    SELECT
        v_days AS rebuilt_days,
        v_logged_days AS logged_days;
END$$

DELIMITER ;
