DELIMITER $$

-- Captures a login that ended, once.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER login_activity_after_delete_capture
AFTER DELETE ON login_activity
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
    IF @payops_bulk_load IS NOT NULL THEN
        SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
    END IF;
    IF v_is_bulk_load THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30007,
            MESSAGE_TEXT = 'login_activity: row deleted in a session that loads in bulk';
    END IF;
    INSERT INTO login_changes (
        change_sign,
        login_time,
        login_status
    ) VALUES (
        -1,
        OLD.login_time,
        OLD.login_status
    );
END$$

DELIMITER ;
