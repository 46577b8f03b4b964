DELIMITER $$

CREATE OR REPLACE PROCEDURE fill_waiting_batches(
    IN in_limit BIGINT,
    OUT out_transactions BIGINT,
    OUT out_settlements BIGINT,
    OUT out_logins BIGINT,
    OUT out_is_compact BOOLEAN
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the empty batch_... tables of this connection with up to in_limit changes of each
log, and locks these changes.
Results: changes of each log, and whether members are numbers. Needs READ COMMITTED.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_fits BOOLEAN DEFAULT TRUE;

    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    SET out_is_compact = TRUE;
    -- Exactly the rows that are read are applied and deleted; those of open transactions are
    -- skipped and taken by a later call, so commits may come in any order.
    take: LOOP
        BEGIN
            -- A member that is new, or an amount beyond 64 bits: once more without numbers.
            DECLARE CONTINUE HANDLER FOR 1264, 1265
            BEGIN
                IF NOT out_is_compact THEN
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
                -- each dimension but all: CONCAT('=', {member of c})
                CONCAT('=', c.transaction_type),
                CONCAT('=', COALESCE(c.merchant_category, '(none)')),
                CONCAT('=', COALESCE(c.location, '(none)')),
                CONCAT('=', COALESCE(c.device_type, '(none)')),
                CONCAT('=', COALESCE(c.channel, '(none)')),
                CONCAT('=', COALESCE(c.product, '(none)')),
                CONCAT('=', COALESCE(c.acquirer, '(none)')),
                CONCAT('=', COALESCE(c.card_scheme, '(none)')),
                CONCAT('=', COALESCE(c.response_code, '(none)'))
                -- end
            FROM transaction_changes AS c
            ORDER BY c.change_id
            LIMIT in_limit
            FOR UPDATE SKIP LOCKED;
            SET out_transactions = ROW_COUNT();
        END;
        IF v_fits THEN
            LEAVE take;
        END IF;
        SET out_is_compact = FALSE;
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
        0
    FROM settlement_changes AS c
    ORDER BY c.change_id
    LIMIT in_limit
    FOR UPDATE SKIP LOCKED;
    SET out_settlements = ROW_COUNT();
    -- Not in the statement that takes the rows: calendars are read without locks, and a server
    -- that isolates snapshots refuses a change which came after that snapshot (1020).
    UPDATE batch_settlements AS b
    STRAIGHT_JOIN batch_rails AS r ON r.rail = b.rail
    SET b.delay_seconds = COALESCE(business_seconds(r.calendar_name, b.due_at, b.settlement_date), 0)
    WHERE b.settlement_status = 'settled'
        AND b.settlement_date > b.due_at;

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
    SET out_logins = ROW_COUNT();
END$$

DELIMITER ;
