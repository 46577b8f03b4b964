DELIMITER $$

CREATE OR REPLACE PROCEDURE fill_taken_batches(
    IN in_first_place BIGINT,
    IN in_last_place BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills empty batch_... tables with the rows of taken_changes between two places, members as
text and amounts as decimals.
Helper: joins the transaction of the caller'
BEGIN
    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    CALL create_rollup_batches();
    CALL create_payment_batch(FALSE);
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
    FROM taken_changes AS t
    STRAIGHT_JOIN transaction_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'transaction_changes'
        AND t.place BETWEEN in_first_place AND in_last_place;

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
    FROM taken_changes AS t
    STRAIGHT_JOIN settlement_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'settlement_changes'
        AND t.place BETWEEN in_first_place AND in_last_place;

    INSERT INTO batch_logins
    SELECT
        c.change_id,
        c.change_sign,
        c.login_time,
        c.login_status
    FROM taken_changes AS t
    STRAIGHT_JOIN login_changes AS c ON c.change_id = t.change_id
    WHERE t.change_log = 'login_changes'
        AND t.place BETWEEN in_first_place AND in_last_place;
END$$

DELIMITER ;
