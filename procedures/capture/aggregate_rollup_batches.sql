DELIMITER $$

CREATE OR REPLACE PROCEDURE aggregate_rollup_batches()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sums the batch_... tables of this connection into its delta_... tables, at the finest grain of each rollup. Helper: joins the transaction of the caller'
BEGIN
    IF EXISTS (SELECT 1 FROM batch_transactions) THEN
        CALL aggregate_payment_batch();
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
