DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_bulk_load(
    IN in_table VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_first_id BIGINT,
    IN in_last_id BIGINT,
    IN in_rows BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds rows that were loaded after begin_bulk_load to the rollups, in the transaction that
loaded them. Rows of which a rollup cannot hold something go into the log of their table instead,
for refresh_rollups.
Parameters:
    in_table: transactions, settlements or logins
    in_first_id, in_last_id: the least and the greatest of their keys, with holes between them
        where the server leaves some (innodb_autoinc_lock_mode = 2, where only keys that the loader
        gives itself are known)
    in_rows: how many were loaded, which the range must hold exactly, so that a row of others in it
        is refused
Errors: 30002 NULL, 30003 no transaction, 30004 flag, 30005 count, 30006 table.
Transaction: joins'
BEGIN
    DECLARE v_found BIGINT DEFAULT 0;
    DECLARE v_compact BOOLEAN DEFAULT TRUE;
    DECLARE v_fits BOOLEAN DEFAULT TRUE;
    DECLARE v_summed_from DATE;
    DECLARE v_detail_from DATE;
    DECLARE v_is_applied BOOLEAN DEFAULT TRUE;
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF in_table IS NULL OR in_table NOT IN ('transactions', 'settlements', 'logins') THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30006,
            MESSAGE_TEXT = 'apply_bulk_load: in_table is not transactions, settlements or logins';
    END IF;
    IF in_first_id IS NULL OR in_last_id IS NULL OR in_rows IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'apply_bulk_load: an argument is NULL';
    END IF;
    IF NOT @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30003,
            MESSAGE_TEXT = 'apply_bulk_load: no open transaction holds the loaded rows';
    END IF;
    IF @payops_bulk_load IS NULL OR NOT (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30004,
            MESSAGE_TEXT = 'apply_bulk_load: begin_bulk_load was not called in this session, so the rows were captured';
    END IF;

    -- A load of which a rollup cannot hold something is captured like any other change; the
    -- refresh then applies what it can, and sets aside the rest.
    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    SAVEPOINT payops_bulk;
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            IF NOT is_data_error(v_errno, v_state) THEN
                RESIGNAL;
            END IF;
            ROLLBACK TO SAVEPOINT payops_bulk;
            SET v_is_applied = FALSE;
        END;

        CALL create_rollup_batches();
        IF in_table = 'transactions' THEN
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
                        t.transaction_id,
                        1,
                        t.account_id,
                        TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', t.transaction_time),
                        t.status,
                        COALESCE(t.base_amount, 0) * 10000,
                        (t.base_amount IS NULL),
                        (t.latency_bin IS NOT NULL),
                        COALESCE(t.duration_ms, 0),
                        t.latency_bin,
                        t.is_final_attempt,
                        t.ingested_at,
                        -- each dimension but all: CONCAT('=', {member of t})
                        CONCAT('=', t.transaction_type),
                        CONCAT('=', COALESCE(t.merchant_category, '(none)')),
                        CONCAT('=', COALESCE(t.location, '(none)')),
                        CONCAT('=', COALESCE(t.device_type, '(none)')),
                        CONCAT('=', COALESCE(t.channel, '(none)')),
                        CONCAT('=', COALESCE(t.product, '(none)')),
                        CONCAT('=', COALESCE(t.acquirer, '(none)')),
                        CONCAT('=', COALESCE(t.card_scheme, '(none)')),
                        CONCAT('=', COALESCE(t.response_code, '(none)'))
                        -- end
                    FROM transactions AS t
                    WHERE t.transaction_id BETWEEN in_first_id AND in_last_id;
                    SET v_found = ROW_COUNT();
                END;
                IF v_fits THEN
                    LEAVE take;
                END IF;
                SET v_compact = FALSE;
                CALL create_payment_batch(FALSE);
            END LOOP;
        ELSEIF in_table = 'settlements' THEN
            INSERT INTO batch_settlements
            SELECT
                s.settlement_id,
                1,
                s.rail,
                s.due_at,
                s.accepted_at,
                s.settlement_date,
                s.settlement_status,
                COALESCE(s.base_amount, 0),
                IF(
                    s.settlement_status = 'settled' AND s.settlement_date > s.due_at,
                    COALESCE(business_seconds(r.calendar_name, s.due_at, s.settlement_date), 0),
                    0)
            FROM settlements AS s
            STRAIGHT_JOIN rails AS r ON r.rail = s.rail
            WHERE s.settlement_id BETWEEN in_first_id AND in_last_id;
            SET v_found = ROW_COUNT();
        ELSE
            INSERT INTO batch_logins
            SELECT
                l.login_id,
                1,
                l.login_time,
                l.login_status
            FROM login_activity AS l
            WHERE l.login_id BETWEEN in_first_id AND in_last_id;
            SET v_found = ROW_COUNT();
        END IF;
        IF v_found <> in_rows THEN
            CALL drop_rollup_batches();
            SET v_message = CONCAT(
                'apply_bulk_load: ', in_table, ' holds ', v_found, ' rows in the range, not ', in_rows);
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30005, MESSAGE_TEXT = v_message;
        END IF;

        CALL aggregate_rollup_batches(v_summed_from);
        -- Locked only now: other loaders may load and aggregate until here.
        CALL lock_rollup_state();
        SELECT s.detail_from_date
        INTO v_detail_from
        FROM rollup_state AS s
        WHERE s.state_id = 1
        FOR UPDATE;
        IF in_table = 'transactions' AND v_detail_from < v_summed_from THEN
            -- The window has moved back meanwhile, and wants minutes of what was summed by the hour.
            DELETE FROM delta_metric;
            DELETE FROM delta_latency_minute;
            DELETE FROM delta_latency;
            DELETE FROM delta_amount_day;
            DELETE FROM delta_account_day;
            CALL aggregate_payment_batch(v_detail_from);
        END IF;
        CALL apply_rollup_deltas();
        IF NOT v_compact THEN
            CALL learn_rollup_members();
        END IF;
        CALL note_rollup_progress(in_rows);
        CALL drop_rollup_batches();
    END;
    IF NOT v_is_applied THEN
        CALL drop_rollup_batches();
        CALL log_bulk_load(in_table, in_first_id, in_last_id, v_found);
        IF v_found <> in_rows THEN
            SET v_message = CONCAT(
                'apply_bulk_load: ', in_table, ' holds ', v_found, ' rows in the range, not ',
                in_rows);
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30005, MESSAGE_TEXT = v_message;
        END IF;
    END IF;
END$$

DELIMITER ;
