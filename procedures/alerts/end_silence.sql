DELIMITER $$

CREATE OR REPLACE PROCEDURE end_silence(
    IN in_silence_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Ends a silence now; what still fires is notified at the next call of watch_alerts.
Errors: 30653 no such silence, or it is over.
Transaction: joins.
Example: CALL end_silence(4)'
BEGIN
    UPDATE alert_silences AS s
    SET
        -- One that has not begun ends as it begins.
        s.starts_at = LEAST(s.starts_at, UTC_TIMESTAMP() - INTERVAL 1 SECOND),
        s.ends_at = UTC_TIMESTAMP()
    WHERE s.silence_id = in_silence_id
        AND s.ends_at > UTC_TIMESTAMP();
    IF ROW_COUNT() = 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30653,
            MESSAGE_TEXT = 'end_silence: the silence does not exist or is over';
    END IF;
END$$

DELIMITER ;
