DELIMITER $$

-- Captures a change of a login: the old version ends, the new one appears. An update that
-- touches nothing the rollups depend on is not captured.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER login_activity_after_update_capture
AFTER UPDATE ON login_activity
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- Bounds as values: a function would cost each row more than the row itself. Adding nothing
    -- gives NULL for 0000-00-00 and for days that no month has.
    -- Only what changes: a row from before the bounds keeps what it has.
    IF NOT (NEW.login_time <=> OLD.login_time)
        AND (NEW.login_time + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30011,
            MESSAGE_TEXT = 'login_activity: login_time is not from 1990 to 2099';
    END IF;
    IF NOT (
        OLD.login_time <=> NEW.login_time
        AND OLD.login_status <=> NEW.login_status
    ) THEN
        -- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
        IF @payops_bulk_load IS NOT NULL THEN
            SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
        END IF;
        IF v_is_bulk_load THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30007,
                MESSAGE_TEXT = 'login_activity: row updated in a session that loads in bulk';
        END IF;
        INSERT INTO login_changes (
            change_sign,
            login_time,
            login_status
        ) VALUES (
            -1,
            OLD.login_time,
            OLD.login_status
        ), (
            1,
            NEW.login_time,
            NEW.login_status
        );
    END IF;
END$$

DELIMITER ;
