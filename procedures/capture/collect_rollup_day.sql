DELIMITER $$

CREATE OR REPLACE PROCEDURE collect_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the batch_... tables of this connection with what the rollups of one UTC day must hold. Needs READ COMMITTED and the row of rollup_state. Helper: joins the transaction of the caller'
BEGIN
    -- Without numbers for members: what proves the rollups does not share their short cuts.
    CALL create_payment_batch(FALSE);

    -- One statement for each table, so one snapshot: what is committed in the base table, less
    -- what is captured and not yet applied, is what the rollups must hold.
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
        CONCAT('=', t.transaction_type),
        CONCAT('=', COALESCE(t.merchant_category, '(none)')),
        CONCAT('=', COALESCE(t.location, '(none)')),
        CONCAT('=', COALESCE(t.device_type, '(none)')),
        CONCAT('=', COALESCE(t.channel, '(none)')),
        CONCAT('=', COALESCE(t.product, '(none)')),
        CONCAT('=', COALESCE(t.acquirer, '(none)')),
        CONCAT('=', COALESCE(t.card_scheme, '(none)')),
        CONCAT('=', COALESCE(t.response_code, '(none)'))
    FROM transactions AS t
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
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
        CONCAT('=', t.transaction_type),
        CONCAT('=', COALESCE(t.merchant_category, '(none)')),
        CONCAT('=', COALESCE(t.location, '(none)')),
        CONCAT('=', COALESCE(t.device_type, '(none)')),
        CONCAT('=', COALESCE(t.channel, '(none)')),
        CONCAT('=', COALESCE(t.product, '(none)')),
        CONCAT('=', COALESCE(t.acquirer, '(none)')),
        CONCAT('=', COALESCE(t.card_scheme, '(none)')),
        CONCAT('=', COALESCE(t.response_code, '(none)'))
    FROM transactions_archive AS t
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
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
    WHERE c.transaction_time >= in_date AND c.transaction_time < in_date + INTERVAL 1 DAY;

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
    WHERE c.due_at >= in_date AND c.due_at < in_date + INTERVAL 1 DAY;

    INSERT INTO batch_logins
    SELECT
        l.login_id,
        1,
        l.login_time,
        l.login_status
    FROM login_activity AS l
    WHERE l.login_time >= in_date AND l.login_time < in_date + INTERVAL 1 DAY
    UNION ALL
    SELECT
        c.change_id,
        -c.change_sign,
        c.login_time,
        c.login_status
    FROM login_changes AS c
    WHERE c.login_time >= in_date AND c.login_time < in_date + INTERVAL 1 DAY;
END$$

DELIMITER ;
