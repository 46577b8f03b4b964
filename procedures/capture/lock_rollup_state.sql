DELIMITER $$

CREATE OR REPLACE PROCEDURE lock_rollup_state()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Locks the one row of rollup_state: whoever holds it may change rollups.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_state_id TINYINT;
    DECLARE v_today DATE;

    -- Exclusive at once: an INSERT IGNORE first would leave a shared lock on the row, and two
    -- sessions that hold one deadlock when both ask for more.
    SELECT s.state_id INTO v_state_id FROM rollup_state AS s WHERE s.state_id = 1 FOR UPDATE;
    IF v_state_id IS NULL THEN
        SET v_today = DATE(LEAST(as_of(), server_clock()));
        INSERT IGNORE INTO rollup_state (state_id, window_end_date, detail_from_date)
        VALUES (1, v_today, v_today - INTERVAL 13 DAY);
        SELECT s.state_id INTO v_state_id FROM rollup_state AS s WHERE s.state_id = 1 FOR UPDATE;
    END IF;
END$$

DELIMITER ;
