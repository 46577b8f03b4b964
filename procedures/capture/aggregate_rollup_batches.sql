DELIMITER $$

CREATE OR REPLACE PROCEDURE aggregate_rollup_batches(
    OUT out_detail_from DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sums the batch_... tables of this connection into its delta_... tables, at the finest
grain of each rollup. out_detail_from: the day from which minutes were summed.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    SET out_detail_from = NULL;
    -- SELECT INTO, for SET would lock the row, and two who share that lock and then want more
    -- deadlock.
    SELECT s.detail_from_date
    INTO out_detail_from
    FROM rollup_state AS s
    WHERE s.state_id = 1;
    IF EXISTS (SELECT 1 FROM batch_transactions) THEN
        CALL aggregate_payment_batch(out_detail_from);
    END IF;

    INSERT INTO delta_settlement
    SELECT
        rail,
        due_at - INTERVAL TIME_TO_SEC(TIME(due_at)) MOD 3600 SECOND AS due_hour,
        SUM(change_sign),
        SUM(IF(settlement_status = 'settled', change_sign, 0)),
        SUM(IF(settlement_status = 'settled' AND settlement_date <= due_at, change_sign, 0)),
        SUM(IF(
            settlement_status = 'settled' AND settlement_date <= accepted_at + INTERVAL 24 HOUR,
            change_sign,
            0)),
        SUM(IF(settlement_status = 'failed', change_sign, 0)),
        SUM(IF(settlement_status = 'pending', change_sign, 0)),
        SUM(signed_amount),
        SUM(IF(settlement_status = 'settled', signed_amount, 0)),
        SUM(IF(settlement_status = 'settled' AND settlement_date <= due_at, signed_amount, 0)),
        SUM(IF(settlement_status = 'failed', signed_amount, 0)),
        SUM(IF(settlement_status = 'pending', signed_amount, 0))
    FROM batch_settlements
    GROUP BY rail, due_at - INTERVAL TIME_TO_SEC(TIME(due_at)) MOD 3600 SECOND;

    INSERT INTO delta_settlement_delay
    SELECT
        rail,
        DATE(due_at) AS due_date,
        IF(delay_seconds < 1, 0, 1 + CEIL(LN(delay_seconds) / LN(1.05 / 0.95))) AS delay_bin,
        SUM(change_sign),
        SUM(signed_amount),
        SUM(change_sign * delay_seconds),
        SUM(signed_amount * delay_seconds)
    FROM batch_settlements
    WHERE settlement_status = 'settled'
    GROUP BY
        rail,
        DATE(due_at),
        IF(delay_seconds < 1, 0, 1 + CEIL(LN(delay_seconds) / LN(1.05 / 0.95)));

    INSERT INTO delta_login
    SELECT
        login_time - INTERVAL TIME_TO_SEC(TIME(login_time)) MOD 3600 SECOND AS login_hour,
        SUM(change_sign),
        SUM(IF(login_status = 'failed', change_sign, 0))
    FROM batch_logins
    GROUP BY login_time - INTERVAL TIME_TO_SEC(TIME(login_time)) MOD 3600 SECOND;
END$$

DELIMITER ;
