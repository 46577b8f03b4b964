DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_rollups(
    IN in_limit BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Applies captured changes to the rollups in one transaction; the cost depends on the changes alone. in_limit: most changes of each log to take (rows). Result: changes applied by log, has_more, duration_ms. Errors: 30001 open transaction, 30002 limit, 30602 the run of the job was replaced. Transaction: owns. Example: CALL refresh_rollups(100000)'
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
    DECLARE v_fits BOOLEAN DEFAULT TRUE;
    DECLARE v_started DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

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

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            GET DIAGNOSTICS CONDITION 1
                v_errno = MYSQL_ERRNO, v_state = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT;
            ROLLBACK;
            CALL log_routine_error('refresh_rollups', v_errno, v_state, v_message);
            CALL drop_rollup_batches();
            RESIGNAL;
        END;

        -- READ COMMITTED: REPEATABLE READ would lock the end of the log against every writer.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        CALL lock_rollup_state();
        CALL create_rollup_batches();
        CALL advance_account_window(DATE(as_of()));
        CALL advance_detail_window(DATE(as_of()));

        -- Exactly the rows that are read are applied and deleted; those of open transactions are
        -- skipped and taken by a later call, so commits may come in any order.
        take: LOOP
            BEGIN
                -- A member that is new, or an amount beyond 64 bits: once more without numbers.
                DECLARE CONTINUE HANDLER FOR 1264, 1265
                BEGIN
                    IF NOT v_compact THEN
                        RESIGNAL;
                    END IF;
                    SET v_fits = FALSE;
                END;
                SET v_fits = TRUE;
                INSERT INTO batch_transactions
                SELECT
                    c.change_id,
                    c.change_sign,
                    c.account_id,
                    TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', c.transaction_time),
                    c.status,
                    c.change_sign * COALESCE(c.base_amount, 0) * 10000,
                    c.change_sign * (c.base_amount IS NULL),
                    c.change_sign * (c.latency_bin IS NOT NULL),
                    c.change_sign * COALESCE(c.duration_ms, 0),
                    c.latency_bin,
                    c.change_sign * c.is_final_attempt,
                    c.ingested_at,
                    CONCAT('=', c.transaction_type),
                    CONCAT('=', COALESCE(c.merchant_category, '(none)')),
                    CONCAT('=', COALESCE(c.location, '(none)')),
                    CONCAT('=', COALESCE(c.device_type, '(none)')),
                    CONCAT('=', COALESCE(c.channel, '(none)')),
                    CONCAT('=', COALESCE(c.product, '(none)')),
                    CONCAT('=', COALESCE(c.acquirer, '(none)')),
                    CONCAT('=', COALESCE(c.card_scheme, '(none)')),
                    CONCAT('=', COALESCE(c.response_code, '(none)'))
                FROM transaction_changes AS c
                ORDER BY c.change_id
                LIMIT in_limit
                FOR UPDATE SKIP LOCKED;
                SET v_transactions = ROW_COUNT();
            END;
            IF v_fits THEN
                LEAVE take;
            END IF;
            SET v_compact = FALSE;
            CALL create_payment_batch(FALSE);
        END LOOP;

        -- A copy of rails: the table itself would be locked against the foreign key of whoever
        -- adds a settlement.
        INSERT INTO batch_rails
        SELECT
            r.rail,
            r.calendar_name
        FROM rails AS r;
        INSERT INTO batch_settlements
        SELECT
            c.change_id,
            c.change_sign,
            c.rail,
            c.due_at,
            c.accepted_at,
            c.settlement_date,
            c.settlement_status,
            c.change_sign * COALESCE(c.base_amount, 0),
            IF(
                c.settlement_status = 'settled' AND c.settlement_date > c.due_at,
                COALESCE(
                    business_seconds(
                        (SELECT r.calendar_name FROM batch_rails AS r WHERE r.rail = c.rail),
                        c.due_at,
                        c.settlement_date),
                    0),
                0)
        FROM settlement_changes AS c
        ORDER BY c.change_id
        LIMIT in_limit
        FOR UPDATE SKIP LOCKED;
        SET v_settlements = ROW_COUNT();

        INSERT INTO batch_logins
        SELECT
            c.change_id,
            c.change_sign,
            c.login_time,
            c.login_status
        FROM login_changes AS c
        ORDER BY c.change_id
        LIMIT in_limit
        FOR UPDATE SKIP LOCKED;
        SET v_logins = ROW_COUNT();

        IF v_transactions + v_settlements + v_logins > 0 THEN
            CALL aggregate_rollup_batches(v_detail_from);
            CALL apply_rollup_deltas();
            IF NOT v_compact THEN
                CALL learn_rollup_members();
            END IF;

            DELETE c FROM batch_transactions AS b
            STRAIGHT_JOIN transaction_changes AS c ON c.change_id = b.change_id;
            DELETE c FROM batch_settlements AS b
            STRAIGHT_JOIN settlement_changes AS c ON c.change_id = b.change_id;
            DELETE c FROM batch_logins AS b
            STRAIGHT_JOIN login_changes AS c ON c.change_id = b.change_id;
        END IF;

        CALL note_rollup_progress(v_transactions + v_settlements + v_logins);
        -- Read before COMMIT: with autocommit off a later read would open a transaction again.
        -- SELECT INTO, for SET would wait for the changes of open transactions.
        SELECT
            EXISTS (SELECT 1 FROM transaction_changes)
                OR EXISTS (SELECT 1 FROM settlement_changes)
                OR EXISTS (SELECT 1 FROM login_changes)
        INTO v_has_more;
        COMMIT;
    END;
    CALL drop_rollup_batches();
    SET @payops_job_rows = v_transactions + v_settlements + v_logins;

    SELECT
        v_transactions AS transaction_changes,
        v_settlements AS settlement_changes,
        v_logins AS login_changes,
        v_has_more AS has_more,
        TIMESTAMPDIFF(MICROSECOND, v_started, UTC_TIMESTAMP(3)) DIV 1000 AS duration_ms;
END$$

DELIMITER ;
