DELIMITER $$

-- Captures a login that ended, once.
CREATE OR REPLACE TRIGGER login_activity_after_delete_capture
AFTER DELETE ON login_activity
FOR EACH ROW
BEGIN
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
