DELIMITER $$

CREATE OR REPLACE PROCEDURE collect_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the batch_... tables of this connection with what the rollups of one UTC day must
hold. Needs READ COMMITTED and the row of rollup_state.
Helper: joins the transaction of the caller'
BEGIN
    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    -- Without numbers for members: what proves the rollups does not share their short cuts.
    CALL create_payment_batch(FALSE);

    -- One statement for each table, so one snapshot: what is committed in the base table, less
    -- what is captured and not yet applied, and less what was set aside, is what the rollups must
    -- hold. Rows whose times no calendar has (0000-00-00) are in no rollup.
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
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(t.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(t.transaction_time))
    UNION ALL
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
    FROM transactions_archive AS t
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(t.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(t.transaction_time))
    UNION ALL
    SELECT
        c.change_id,
        -c.change_sign,
        c.account_id,
        TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', c.transaction_time),
        c.status,
        -c.change_sign * COALESCE(c.base_amount, 0) * 10000,
        -c.change_sign * (c.base_amount IS NULL),
        -c.change_sign * (c.latency_bin IS NOT NULL),
        -c.change_sign * COALESCE(c.duration_ms, 0),
        c.latency_bin,
        -c.change_sign * c.is_final_attempt,
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
    WHERE c.transaction_time >= in_date AND c.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(c.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(c.transaction_time))
    UNION ALL
    SELECT
        c.quarantine_id,
        -c.change_sign,
        c.account_id,
        TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', c.transaction_time),
        c.status,
        -c.change_sign * COALESCE(c.base_amount, 0) * 10000,
        -c.change_sign * (c.base_amount IS NULL),
        -c.change_sign * (c.duration_ms IS NOT NULL),
        -c.change_sign * COALESCE(c.duration_ms, 0),
        IF(
            c.duration_ms < 1,
            0,
            CEIL(LN(c.duration_ms) / LN(1.05 / 0.95))),
        -c.change_sign * c.is_final_attempt,
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
    FROM change_quarantine AS c
    WHERE c.change_log = 'transaction_changes'
        AND c.transaction_time >= in_date AND c.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(c.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(c.transaction_time));

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
    INNER JOIN rails AS r ON r.rail = s.rail
    -- Every status, named so that idx_settlements_status_due bounds the read.
    WHERE s.settlement_status IN ('pending', 'settled', 'failed')
        AND s.due_at >= in_date AND s.due_at < in_date + INTERVAL 1 DAY
        AND DAY(s.due_at) BETWEEN 1 AND DAY(LAST_DAY(s.due_at))
        AND DAY(s.accepted_at) BETWEEN 1 AND DAY(LAST_DAY(s.accepted_at))
        AND s.accepted_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59'
        AND (s.settlement_date IS NULL
            OR DAY(s.settlement_date) BETWEEN 1 AND DAY(LAST_DAY(s.settlement_date))
                AND s.settlement_date BETWEEN '1000-01-01' AND '4999-12-31 23:59:59')
    UNION ALL
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
    FROM settlements_archive AS s
    INNER JOIN rails AS r ON r.rail = s.rail
    WHERE s.due_at >= in_date AND s.due_at < in_date + INTERVAL 1 DAY
        AND DAY(s.due_at) BETWEEN 1 AND DAY(LAST_DAY(s.due_at))
        AND DAY(s.accepted_at) BETWEEN 1 AND DAY(LAST_DAY(s.accepted_at))
        AND s.accepted_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59'
        AND (s.settlement_date IS NULL
            OR DAY(s.settlement_date) BETWEEN 1 AND DAY(LAST_DAY(s.settlement_date))
                AND s.settlement_date BETWEEN '1000-01-01' AND '4999-12-31 23:59:59')
    UNION ALL
    SELECT
        c.change_id,
        -c.change_sign,
        c.rail,
        c.due_at,
        c.accepted_at,
        c.settlement_date,
        c.settlement_status,
        -c.change_sign * COALESCE(c.base_amount, 0),
        IF(
            c.settlement_status = 'settled' AND c.settlement_date > c.due_at,
            COALESCE(business_seconds(r.calendar_name, c.due_at, c.settlement_date), 0),
            0)
    FROM settlement_changes AS c
    INNER JOIN rails AS r ON r.rail = c.rail
    WHERE c.due_at >= in_date AND c.due_at < in_date + INTERVAL 1 DAY
        AND DAY(c.due_at) BETWEEN 1 AND DAY(LAST_DAY(c.due_at))
        AND DAY(c.accepted_at) BETWEEN 1 AND DAY(LAST_DAY(c.accepted_at))
        AND c.accepted_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59'
        AND (c.settlement_date IS NULL
            OR DAY(c.settlement_date) BETWEEN 1 AND DAY(LAST_DAY(c.settlement_date))
                AND c.settlement_date BETWEEN '1000-01-01' AND '4999-12-31 23:59:59')
    UNION ALL
    SELECT
        c.quarantine_id,
        -c.change_sign,
        c.rail,
        c.due_at,
        c.accepted_at,
        c.settlement_date,
        c.settlement_status,
        -c.change_sign * COALESCE(c.base_amount, 0),
        IF(
            c.settlement_status = 'settled' AND c.settlement_date > c.due_at,
            COALESCE(business_seconds(r.calendar_name, c.due_at, c.settlement_date), 0),
            0)
    FROM change_quarantine AS c
    INNER JOIN rails AS r ON r.rail = c.rail
    WHERE c.due_at >= in_date AND c.due_at < in_date + INTERVAL 1 DAY
        AND DAY(c.due_at) BETWEEN 1 AND DAY(LAST_DAY(c.due_at))
        AND DAY(c.accepted_at) BETWEEN 1 AND DAY(LAST_DAY(c.accepted_at))
        AND c.accepted_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59'
        AND (c.settlement_date IS NULL
            OR DAY(c.settlement_date) BETWEEN 1 AND DAY(LAST_DAY(c.settlement_date))
                AND c.settlement_date BETWEEN '1000-01-01' AND '4999-12-31 23:59:59');

    INSERT INTO batch_logins
    SELECT
        l.login_id,
        1,
        l.login_time,
        l.login_status
    FROM login_activity AS l
    WHERE l.login_time >= in_date AND l.login_time < in_date + INTERVAL 1 DAY
        AND DAY(l.login_time) BETWEEN 1 AND DAY(LAST_DAY(l.login_time))
    UNION ALL
    SELECT
        c.change_id,
        -c.change_sign,
        c.login_time,
        c.login_status
    FROM login_changes AS c
    WHERE c.login_time >= in_date AND c.login_time < in_date + INTERVAL 1 DAY
        AND DAY(c.login_time) BETWEEN 1 AND DAY(LAST_DAY(c.login_time))
    UNION ALL
    SELECT
        c.quarantine_id,
        -c.change_sign,
        c.login_time,
        c.login_status
    FROM change_quarantine AS c
    WHERE c.login_time >= in_date AND c.login_time < in_date + INTERVAL 1 DAY
        AND DAY(c.login_time) BETWEEN 1 AND DAY(LAST_DAY(c.login_time));
END$$

DELIMITER ;
