DELIMITER $$

CREATE OR REPLACE PROCEDURE end_monitor_tick(
    IN in_last_minute DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Notes that every minute up to in_last_minute (UTC) is judged, and removes steps that are
older than the setting detail_days keeps them.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_days INT;

    UPDATE monitor_state
    SET
        last_minute = in_last_minute,
        ticked_at = UTC_TIMESTAMP(3)
    WHERE state_id = 1;
    -- SELECT INTO: a DELETE that reads another table locks what it reads.
    SELECT MAX(CAST(g.setting_value AS SIGNED))
    INTO v_days
    FROM settings AS g
    WHERE g.setting_name = 'detail_days';
    DELETE FROM monitor_points
    -- By the clock of the server at the latest: @payops_as_of in the future must not empty it.
    WHERE metric_minute < LEAST(as_of(), server_clock()) - INTERVAL v_days DAY
    LIMIT 20000;
END$$

DELIMITER ;
