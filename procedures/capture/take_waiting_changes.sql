DELIMITER $$

CREATE OR REPLACE PROCEDURE take_waiting_changes(
    IN in_limit BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Locks up to in_limit changes of each log and notes them in the temporary table
taken_changes, with a digest of what the rollups depend on and with a reason where a rollup cannot
hold them: a date that no calendar has or that lies outside the years 1000 to 4999, or an amount
that appears and is not below 10^14. Changes of open transactions are skipped. Needs READ
COMMITTED.
Helper: joins the transaction of the caller'
BEGIN
    -- What lies in the log may be 0000-00-00, which a strict mode refuses. Ends with the routine.
    SET SESSION sql_mode = '';
    -- Aria, so that ROLLBACK TO SAVEPOINT leaves the notes alone.
    DROP TEMPORARY TABLE IF EXISTS taken_changes;
    CREATE TEMPORARY TABLE taken_changes (
        place BIGINT NOT NULL AUTO_INCREMENT,
        change_log VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        change_id BIGINT NOT NULL,
        change_sign TINYINT NOT NULL,
        content_digest BINARY(32) NOT NULL,
        reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
        error_number INT NULL,
        error_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL,
        PRIMARY KEY (place),
        KEY idx_taken_changes_digest (content_digest)
    ) ENGINE = Aria TRANSACTIONAL = 0;

    -- QUOTE: NULL and 'NULL' differ, and so do texts that hold the separator.
    INSERT INTO taken_changes (change_log, change_id, change_sign, content_digest, reason)
    SELECT
        'transaction_changes',
        c.change_id,
        c.change_sign,
        UNHEX(SHA2(CONCAT_WS(
            '|', 'transaction', c.account_id, c.transaction_time, c.status, QUOTE(c.base_amount),
            QUOTE(c.duration_ms), c.is_final_attempt,
            -- each dimension but all, in rows: QUOTE(c.{column})
            QUOTE(c.transaction_type), QUOTE(c.merchant_category), QUOTE(c.location),
            QUOTE(c.device_type), QUOTE(c.channel), QUOTE(c.product), QUOTE(c.acquirer),
            QUOTE(c.card_scheme), QUOTE(c.response_code)
            -- end
        ), 256)),
        CASE
            -- NULL for 0000-00-00; arithmetic on it would be an error.
            WHEN (DAY(c.transaction_time) BETWEEN 1 AND DAY(LAST_DAY(c.transaction_time))
                    AND c.transaction_time BETWEEN '1000-01-01' AND '4999-12-31 23:59:59') IS NOT TRUE THEN 'impossible_date'
            WHEN c.change_sign = 1 AND ABS(c.base_amount) >= 100000000000000
                THEN 'amount_above_bound'
        END
    FROM transaction_changes AS c
    ORDER BY c.change_id
    LIMIT in_limit
    FOR UPDATE SKIP LOCKED;

    INSERT INTO taken_changes (change_log, change_id, change_sign, content_digest, reason)
    SELECT
        'settlement_changes',
        c.change_id,
        c.change_sign,
        UNHEX(SHA2(CONCAT_WS(
            '|', 'settlement', QUOTE(c.rail), c.due_at, c.accepted_at, QUOTE(c.settlement_date),
            c.settlement_status, QUOTE(c.base_amount)), 256)),
        CASE
            WHEN (DAY(c.due_at) BETWEEN 1 AND DAY(LAST_DAY(c.due_at))
                    AND c.due_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59') IS NOT TRUE
                OR (DAY(c.accepted_at) BETWEEN 1 AND DAY(LAST_DAY(c.accepted_at))
                    AND c.accepted_at BETWEEN '1000-01-01' AND '4999-12-31 23:59:59') IS NOT TRUE
                OR (c.settlement_date IS NOT NULL
                    AND (DAY(c.settlement_date) BETWEEN 1 AND DAY(LAST_DAY(c.settlement_date))
                    AND c.settlement_date BETWEEN '1000-01-01' AND '4999-12-31 23:59:59') IS NOT TRUE) THEN 'impossible_date'
            WHEN c.change_sign = 1 AND ABS(c.base_amount) >= 100000000000000
                THEN 'amount_above_bound'
        END
    FROM settlement_changes AS c
    ORDER BY c.change_id
    LIMIT in_limit
    FOR UPDATE SKIP LOCKED;

    INSERT INTO taken_changes (change_log, change_id, change_sign, content_digest, reason)
    SELECT
        'login_changes',
        c.change_id,
        c.change_sign,
        UNHEX(SHA2(CONCAT_WS('|', 'login', c.login_time, c.login_status), 256)),
        IF((DAY(c.login_time) BETWEEN 1 AND DAY(LAST_DAY(c.login_time))
                    AND c.login_time BETWEEN '1000-01-01' AND '4999-12-31 23:59:59') IS NOT TRUE, 'impossible_date', NULL)
    FROM login_changes AS c
    ORDER BY c.change_id
    LIMIT in_limit
    FOR UPDATE SKIP LOCKED;
END$$

DELIMITER ;
