DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_rollups(
    IN in_limit BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Applies captured changes to the rollups in one transaction; the cost depends on the
changes alone. Changes that the rollups cannot hold are set aside in change_quarantine, with an
alert, and the others are applied.
Parameters:
    in_limit: most changes of each log to take (rows)
Result: changes taken by log, has_more, duration_ms, how many were set aside.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 limit, 30602 the run of the
    job was replaced.
Transaction: owns.
Example: CALL refresh_rollups(100000)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_detail_from DATE;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_transactions BIGINT DEFAULT 0;
    DECLARE v_settlements BIGINT DEFAULT 0;
    DECLARE v_logins BIGINT DEFAULT 0;
    DECLARE v_has_more BOOLEAN DEFAULT FALSE;
    DECLARE v_compact BOOLEAN DEFAULT TRUE;
    DECLARE v_is_careful BOOLEAN DEFAULT FALSE;
    DECLARE v_is_done BOOLEAN DEFAULT FALSE;
    DECLARE v_attempts INT DEFAULT 1;
    DECLARE v_quarantined BIGINT DEFAULT 0;
    DECLARE v_started DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
    -- What leaves a window is deleted: a session may look back, but not move the windows ahead.
    DECLARE v_today DATE DEFAULT DATE(LEAST(as_of(), server_clock()));

    IF in_limit IS NULL OR in_limit < 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'refresh_rollups: in_limit is not a positive number';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'refresh_rollups: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    -- Twice, conflicts apart: once as if every change could be applied, and where that fails by the
    -- values of a change, or undoes one that was set aside, once with care.
    REPEAT
        attempt: BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                CALL read_error(v_errno, v_state, v_message);
                ROLLBACK;
                -- A conflict of locks, or a record that changed since it was read: undone, it is made again.
                IF v_errno IN (1213, 1205, 1020, 1615) AND v_attempts < 5 THEN
                    SET v_attempts = v_attempts + 1;
                ELSEIF v_is_careful OR NOT is_data_error(v_errno, v_state) THEN
                    CALL drop_rollup_batches();
                    CALL log_routine_error('refresh_rollups', v_errno, v_state, v_message);
                    RESIGNAL;
                ELSE
                    SET v_is_careful = TRUE;
                END IF;
            END;

            -- READ COMMITTED: REPEATABLE READ would lock the end of the log against every writer.
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            CALL lock_rollup_state();
            CALL create_rollup_batches();
            CALL advance_account_window(v_today);
            CALL advance_detail_window(v_today);

            IF v_is_careful THEN
                CALL apply_changes_carefully(
                    in_limit, v_transactions, v_settlements, v_logins, v_quarantined);
            ELSE
                CALL fill_waiting_batches(
                    in_limit, v_transactions, v_settlements, v_logins, v_compact);
                IF v_transactions + v_settlements + v_logins > 0 THEN
                    CALL find_undone_changes(v_is_careful);
                END IF;
                IF v_is_careful THEN
                    ROLLBACK;
                    LEAVE attempt;
                END IF;
                IF v_transactions + v_settlements + v_logins > 0 THEN
                    CALL aggregate_rollup_batches(v_detail_from);
                    CALL apply_rollup_deltas();
                    IF NOT v_compact THEN
                        CALL learn_rollup_members();
                    END IF;

                    CALL delete_applied_changes();
                END IF;

                CALL note_rollup_progress(v_transactions + v_settlements + v_logins);
            END IF;
            -- Read before COMMIT: with autocommit off a later read would open a transaction again.
            -- SELECT INTO, for SET would wait for the changes of open transactions.
            SELECT
                EXISTS (SELECT 1 FROM transaction_changes)
                    OR EXISTS (SELECT 1 FROM settlement_changes)
                    OR EXISTS (SELECT 1 FROM login_changes)
            INTO v_has_more;
            COMMIT;
            SET v_is_done = TRUE;
        END attempt;
    UNTIL v_is_done
    END REPEAT;
    CALL drop_rollup_batches();
    -- On MySQL, with autocommit off, dropping temporary tables opened a transaction.
    COMMIT;
    SET @payops_job_rows = v_transactions + v_settlements + v_logins;

    SELECT
        v_transactions AS transaction_changes,
        v_settlements AS settlement_changes,
        v_logins AS login_changes,
        v_has_more AS has_more,
        TIMESTAMPDIFF(MICROSECOND, v_started, UTC_TIMESTAMP(3)) DIV 1000 AS duration_ms,
        v_quarantined AS quarantined_changes;
END$$

DELIMITER ;
