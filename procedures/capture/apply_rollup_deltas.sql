DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_rollup_deltas()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds the delta_... tables of this connection to the rollups. The caller holds the row of
rollup_state.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_window_end DATE;
    DECLARE v_detail_from DATE;

    -- A locking read sees the newest row: the snapshot of a bulk loader under REPEATABLE READ may
    -- be older than the last move of the windows.
    SELECT
        s.window_end_date,
        s.detail_from_date
    INTO v_window_end, v_detail_from
    FROM rollup_state AS s
    WHERE s.state_id = 1
    FOR UPDATE;

    CALL apply_payment_deltas(v_detail_from);
    CALL apply_latency_deltas(v_detail_from);
    CALL apply_account_deltas(v_window_end);
    CALL apply_settlement_deltas();

    INSERT INTO login_hour (
        login_hour,
        login_count,
        failed_count
    )
    SELECT
        d.login_hour,
        d.login_count,
        d.failed_count
    FROM delta_login AS d
    ON DUPLICATE KEY UPDATE
        login_count = login_hour.login_count + VALUES(login_count),
        failed_count = login_hour.failed_count + VALUES(failed_count);
END$$

DELIMITER ;
