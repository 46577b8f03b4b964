DELIMITER $$

CREATE OR REPLACE PROCEDURE log_bulk_load(
    IN in_table VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_first_id BIGINT,
    IN in_last_id BIGINT,
    OUT out_rows BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Puts loaded rows into the log of their table, as the triggers would have, for a load of
which a rollup cannot hold something: refresh_rollups finds out what. out_rows: how many.
Helper: joins the transaction of the caller'
BEGIN
    -- Without NO_ZERO_DATE: base tables may hold 0000-00-00. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    IF in_table = 'transactions' THEN
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
        WHERE t.transaction_id BETWEEN in_first_id AND in_last_id;
    ELSEIF in_table = 'settlements' THEN
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
        WHERE s.settlement_id BETWEEN in_first_id AND in_last_id;
    ELSE
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
        WHERE l.login_id BETWEEN in_first_id AND in_last_id;
    END IF;
    SET out_rows = ROW_COUNT();
END$$

DELIMITER ;
