DELIMITER $$

-- Captures a change of a settlement: the old version ends, the new one appears. An update that
-- touches nothing the rollups depend on is not captured.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settlements_after_update_capture
AFTER UPDATE ON settlements
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    IF NOT (
        OLD.rail <=> NEW.rail
        AND OLD.due_at <=> NEW.due_at
        AND OLD.accepted_at <=> NEW.accepted_at
        AND OLD.settlement_date <=> NEW.settlement_date
        AND OLD.settlement_status <=> NEW.settlement_status
        AND OLD.base_amount <=> NEW.base_amount
    ) THEN
        -- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
        IF @payops_bulk_load IS NOT NULL THEN
            SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
        END IF;
        IF v_is_bulk_load THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30007,
                MESSAGE_TEXT = 'settlements: row updated in a session that loads in bulk';
        END IF;
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
        ), (
            1,
            NEW.rail,
            NEW.due_at,
            NEW.accepted_at,
            NEW.settlement_date,
            NEW.settlement_status,
            NEW.base_amount
        );
    END IF;
END$$

DELIMITER ;
