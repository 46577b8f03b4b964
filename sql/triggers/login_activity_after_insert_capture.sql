DELIMITER $$

-- Captures a login that appeared, once; a bulk load adds its own rows to the rollups itself.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER login_activity_after_insert_capture
AFTER INSERT ON login_activity
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- Bounds as values: a function would cost each row more than the row itself. Adding nothing
    -- gives NULL for 0000-00-00 and for days that no month has.
    IF (NEW.login_time + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30011,
            MESSAGE_TEXT = 'login_activity: login_time is not from 1990 to 2099';
    END IF;
    -- The variable alone is worth nothing: the number is that of begin_bulk_load in this session.
    IF @payops_bulk_load IS NOT NULL THEN
        SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
    END IF;
    IF NOT v_is_bulk_load THEN
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
