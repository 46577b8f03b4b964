DELIMITER $$

CREATE OR REPLACE PROCEDURE log_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Puts into the logs what the base tables have of one UTC day, less what waits there already
and less what was set aside: for a day whose rollups were cleared and whose sums do not fit in one.
Needs READ COMMITTED and the row of rollup_state.
Helper: joins the transaction of the caller'
BEGIN
    -- Without NO_ZERO_DATE: base tables may hold 0000-00-00. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    -- One statement for each table, so one snapshot, as in collect_rollup_day: whoever writes
    -- meanwhile adds to the log and is counted once.
    INSERT INTO transaction_changes (
        change_sign,
        -- each captured column of transactions: {name}
        account_id,
        transaction_time,
        status,
        base_amount,
        duration_ms,
        is_final_attempt,
        transaction_type,
        merchant_category,
        location,
        device_type,
        channel,
        product,
        acquirer,
        card_scheme,
        response_code,
        ingested_at
        -- end
    )
    SELECT
        1,
        -- each captured column of transactions: t.{name}
        t.account_id,
        t.transaction_time,
        t.status,
        t.base_amount,
        t.duration_ms,
        t.is_final_attempt,
        t.transaction_type,
        t.merchant_category,
        t.location,
        t.device_type,
        t.channel,
        t.product,
        t.acquirer,
        t.card_scheme,
        t.response_code,
        t.ingested_at
        -- end
    FROM transactions AS t
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(t.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(t.transaction_time))
    UNION ALL
    SELECT
        1,
        -- each captured column of transactions: t.{name}
        t.account_id,
        t.transaction_time,
        t.status,
        t.base_amount,
        t.duration_ms,
        t.is_final_attempt,
        t.transaction_type,
        t.merchant_category,
        t.location,
        t.device_type,
        t.channel,
        t.product,
        t.acquirer,
        t.card_scheme,
        t.response_code,
        t.ingested_at
        -- end
    FROM transactions_archive AS t
    WHERE t.transaction_time >= in_date AND t.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(t.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(t.transaction_time))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of transactions: c.{name}
        c.account_id,
        c.transaction_time,
        c.status,
        c.base_amount,
        c.duration_ms,
        c.is_final_attempt,
        c.transaction_type,
        c.merchant_category,
        c.location,
        c.device_type,
        c.channel,
        c.product,
        c.acquirer,
        c.card_scheme,
        c.response_code,
        c.ingested_at
        -- end
    FROM transaction_changes AS c
    WHERE c.transaction_time >= in_date AND c.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(c.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(c.transaction_time))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of transactions: c.{name}
        c.account_id,
        c.transaction_time,
        c.status,
        c.base_amount,
        c.duration_ms,
        c.is_final_attempt,
        c.transaction_type,
        c.merchant_category,
        c.location,
        c.device_type,
        c.channel,
        c.product,
        c.acquirer,
        c.card_scheme,
        c.response_code,
        c.ingested_at
        -- end
    FROM change_quarantine AS c
    WHERE c.change_log = 'transaction_changes'
        AND c.transaction_time >= in_date AND c.transaction_time < in_date + INTERVAL 1 DAY
        AND DAY(c.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(c.transaction_time));

    INSERT INTO settlement_changes (
        change_sign,
        -- each captured column of settlements: {name}
        rail,
        due_at,
        accepted_at,
        settlement_date,
        settlement_status,
        base_amount
        -- end
    )
    SELECT
        1,
        -- each captured column of settlements: s.{name}
        s.rail,
        s.due_at,
        s.accepted_at,
        s.settlement_date,
        s.settlement_status,
        s.base_amount
        -- end
    FROM settlements AS s
    WHERE s.settlement_status IN ('pending', 'settled', 'failed')
        AND s.due_at >= in_date AND s.due_at < in_date + INTERVAL 1 DAY
        AND DAY(s.due_at) BETWEEN 1 AND DAY(LAST_DAY(s.due_at))
    UNION ALL
    SELECT
        1,
        -- each captured column of settlements: s.{name}
        s.rail,
        s.due_at,
        s.accepted_at,
        s.settlement_date,
        s.settlement_status,
        s.base_amount
        -- end
    FROM settlements_archive AS s
    WHERE s.due_at >= in_date AND s.due_at < in_date + INTERVAL 1 DAY
        AND DAY(s.due_at) BETWEEN 1 AND DAY(LAST_DAY(s.due_at))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of settlements: c.{name}
        c.rail,
        c.due_at,
        c.accepted_at,
        c.settlement_date,
        c.settlement_status,
        c.base_amount
        -- end
    FROM settlement_changes AS c
    WHERE c.due_at >= in_date AND c.due_at < in_date + INTERVAL 1 DAY
        AND DAY(c.due_at) BETWEEN 1 AND DAY(LAST_DAY(c.due_at))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of settlements: c.{name}
        c.rail,
        c.due_at,
        c.accepted_at,
        c.settlement_date,
        c.settlement_status,
        c.base_amount
        -- end
    FROM change_quarantine AS c
    WHERE c.due_at >= in_date AND c.due_at < in_date + INTERVAL 1 DAY
        AND DAY(c.due_at) BETWEEN 1 AND DAY(LAST_DAY(c.due_at));

    INSERT INTO login_changes (
        change_sign,
        -- each captured column of login_activity: {name}
        login_time,
        login_status
        -- end
    )
    SELECT
        1,
        -- each captured column of login_activity: l.{name}
        l.login_time,
        l.login_status
        -- end
    FROM login_activity AS l
    WHERE l.login_time >= in_date AND l.login_time < in_date + INTERVAL 1 DAY
        AND DAY(l.login_time) BETWEEN 1 AND DAY(LAST_DAY(l.login_time))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of login_activity: c.{name}
        c.login_time,
        c.login_status
        -- end
    FROM login_changes AS c
    WHERE c.login_time >= in_date AND c.login_time < in_date + INTERVAL 1 DAY
        AND DAY(c.login_time) BETWEEN 1 AND DAY(LAST_DAY(c.login_time))
    UNION ALL
    SELECT
        -c.change_sign,
        -- each captured column of login_activity: c.{name}
        c.login_time,
        c.login_status
        -- end
    FROM change_quarantine AS c
    WHERE c.login_time >= in_date AND c.login_time < in_date + INTERVAL 1 DAY
        AND DAY(c.login_time) BETWEEN 1 AND DAY(LAST_DAY(c.login_time));
END$$

DELIMITER ;
