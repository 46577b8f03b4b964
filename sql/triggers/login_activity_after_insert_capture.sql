DELIMITER $$

-- Captures a login that appeared, once; a bulk load adds its own rows to the rollups itself.
CREATE OR REPLACE TRIGGER login_activity_after_insert_capture
AFTER INSERT ON login_activity
FOR EACH ROW
BEGIN
    IF NOT (@payops_bulk_load <=> 1) THEN
        INSERT INTO login_changes (
            change_sign,
            login_time,
            login_status
        ) VALUES (
            1,
            NEW.login_time,
            NEW.login_status
        );
    END IF;
END$$

DELIMITER ;
