DELIMITER $$

CREATE OR REPLACE PROCEDURE quarantine_taken_changes()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves the rows of taken_changes that have a reason out of their logs into
change_quarantine, and with them those that undo a change which lies there; a change and its
undoing in quarantine leave it together.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    -- What lies in the log may be 0000-00-00, which a strict mode refuses. Ends with the routine.
    SET SESSION sql_mode = '';
    -- What undoes a change that was never applied must not be applied either. Each one once: of
    -- two equal payments one may be in the rollups and the other here.
    DROP TEMPORARY TABLE IF EXISTS opposite_changes;
    CREATE TEMPORARY TABLE opposite_changes (
        content_digest BINARY(32) NOT NULL,
        change_sign TINYINT NOT NULL,
        change_count BIGINT NOT NULL,
        PRIMARY KEY (content_digest, change_sign)
    ) ENGINE = Aria TRANSACTIONAL = 0;
    INSERT INTO opposite_changes
    SELECT
        x.content_digest,
        x.change_sign,
        COUNT(*)
    FROM (
        SELECT q.content_digest, -q.change_sign AS change_sign FROM change_quarantine AS q
        UNION ALL
        SELECT t.content_digest, -t.change_sign FROM taken_changes AS t WHERE t.reason IS NOT NULL
    ) AS x
    GROUP BY x.content_digest, x.change_sign;
    DROP TEMPORARY TABLE IF EXISTS undone_changes;
    CREATE TEMPORARY TABLE undone_changes ENGINE = Aria TRANSACTIONAL = 0
    SELECT n.place
    FROM (
        SELECT
            w.place,
            w.reason,
            ROW_NUMBER() OVER (
                PARTITION BY w.content_digest, w.change_sign, w.reason IS NULL ORDER BY w.place
            ) AS turn,
            o.change_count - SUM(w.reason IS NOT NULL) OVER (
                PARTITION BY w.content_digest, w.change_sign
            ) AS free_count
        FROM taken_changes AS w
        INNER JOIN opposite_changes AS o
            ON o.content_digest = w.content_digest AND o.change_sign = w.change_sign
    ) AS n
    WHERE n.reason IS NULL
        AND n.turn <= n.free_count;
    UPDATE taken_changes AS t
    INNER JOIN undone_changes AS n ON n.place = t.place
    SET t.reason = 'undone';
    DROP TEMPORARY TABLE undone_changes;
    DROP TEMPORARY TABLE opposite_changes;

    INSERT INTO change_quarantine (
        change_log,
        change_sign,
        reason,
        error_number,
        error_message,
        content_digest,
        captured_at,
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
        t.change_log,
        t.change_sign,
        IF(t.reason = 'undone', 'refused', t.reason),
        t.error_number,
        t.error_message,
        t.content_digest,
        c.captured_at,
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
    FROM taken_changes AS t
    STRAIGHT_JOIN transaction_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'transaction_changes' AND t.reason IS NOT NULL;
    INSERT INTO change_quarantine (
        change_log,
        change_sign,
        reason,
        error_number,
        error_message,
        content_digest,
        captured_at,
        base_amount,
        rail,
        due_at,
        accepted_at,
        settlement_date,
        settlement_status
    )
    SELECT
        t.change_log,
        t.change_sign,
        IF(t.reason = 'undone', 'refused', t.reason),
        t.error_number,
        t.error_message,
        t.content_digest,
        c.captured_at,
        c.base_amount,
        c.rail,
        c.due_at,
        c.accepted_at,
        c.settlement_date,
        c.settlement_status
    FROM taken_changes AS t
    STRAIGHT_JOIN settlement_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'settlement_changes' AND t.reason IS NOT NULL;
    INSERT INTO change_quarantine (
        change_log,
        change_sign,
        reason,
        error_number,
        error_message,
        content_digest,
        captured_at,
        -- each captured column of login_activity: {name}
        login_time,
        login_status
        -- end
    )
    SELECT
        t.change_log,
        t.change_sign,
        IF(t.reason = 'undone', 'refused', t.reason),
        t.error_number,
        t.error_message,
        t.content_digest,
        c.captured_at,
        -- each captured column of login_activity: c.{name}
        c.login_time,
        c.login_status
        -- end
    FROM taken_changes AS t
    STRAIGHT_JOIN login_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'login_changes' AND t.reason IS NOT NULL;

    DELETE c FROM taken_changes AS t
    STRAIGHT_JOIN transaction_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'transaction_changes' AND t.reason IS NOT NULL;
    DELETE c FROM taken_changes AS t
    STRAIGHT_JOIN settlement_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'settlement_changes' AND t.reason IS NOT NULL;
    DELETE c FROM taken_changes AS t
    STRAIGHT_JOIN login_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'login_changes' AND t.reason IS NOT NULL;
    DELETE FROM taken_changes WHERE reason IS NOT NULL;

    -- Pairs that cancel each other, the oldest first.
    DROP TEMPORARY TABLE IF EXISTS numbered_quarantine;
    CREATE TEMPORARY TABLE numbered_quarantine (
        quarantine_id BIGINT NOT NULL,
        pair_count BIGINT NOT NULL,
        turn BIGINT NOT NULL,
        PRIMARY KEY (quarantine_id)
    ) ENGINE = Aria TRANSACTIONAL = 0;
    INSERT INTO numbered_quarantine
    SELECT
        q.quarantine_id,
        LEAST(
            SUM(q.change_sign = 1) OVER (PARTITION BY q.content_digest),
            SUM(q.change_sign = -1) OVER (PARTITION BY q.content_digest)),
        ROW_NUMBER() OVER (PARTITION BY q.content_digest, q.change_sign ORDER BY q.quarantine_id)
    FROM change_quarantine AS q;
    DELETE q FROM numbered_quarantine AS n
    STRAIGHT_JOIN change_quarantine AS q ON q.quarantine_id = n.quarantine_id
    WHERE n.turn <= n.pair_count;
    DROP TEMPORARY TABLE numbered_quarantine;
END$$

DELIMITER ;
