DELIMITER $$

-- Captures a settlement that appeared, once; a bulk load adds its own rows to the rollups itself.
CREATE OR REPLACE TRIGGER settlements_after_insert_capture
AFTER INSERT ON settlements
FOR EACH ROW
BEGIN
    IF NOT (@payops_bulk_load <=> 1) THEN
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
