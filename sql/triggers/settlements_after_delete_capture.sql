DELIMITER $$

-- Captures a settlement that ended, once.
CREATE OR REPLACE TRIGGER settlements_after_delete_capture
AFTER DELETE ON settlements
FOR EACH ROW
BEGIN
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
END$$

DELIMITER ;
