DELIMITER $$

-- Captures a settlement that appeared, once; a bulk load adds its own rows to the rollups itself.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settlements_after_insert_capture
AFTER INSERT ON settlements
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- The variable alone is worth nothing: the number is that of begin_bulk_load in this session.
    IF @payops_bulk_load IS NOT NULL THEN
        SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
    END IF;
    IF NOT v_is_bulk_load THEN
        INSERT INTO settlement_changes (
            change_sign,
            rail,
            due_at,
            accepted_at,
            settlement_date,
            settlement_status,
            base_amount
        ) VALUES (
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
