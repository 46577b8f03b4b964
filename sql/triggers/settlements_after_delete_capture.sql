DELIMITER $$

-- Captures a settlement that ended, once.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settlements_after_delete_capture
AFTER DELETE ON settlements
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
            MESSAGE_TEXT = 'settlements: row deleted in a session that loads in bulk';
    END IF;
    -- A settlement that is in the archive continues to count.
    IF NOT EXISTS (
        SELECT 1
        FROM settlements_archive AS a
        WHERE a.settlement_id = OLD.settlement_id
    ) THEN
        INSERT INTO settlement_changes (
            change_sign,
            rail,
            due_at,
            accepted_at,
            settlement_date,
            settlement_status,
            base_amount
        ) VALUES (
            -1,
            OLD.rail,
            OLD.due_at,
            OLD.accepted_at,
            OLD.settlement_date,
            OLD.settlement_status,
            OLD.base_amount
        );
    END IF;
END$$

DELIMITER ;
