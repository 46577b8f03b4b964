DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER payment_flags_after_update_audit
AFTER UPDATE ON payment_flags
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.transaction_id <=> OLD.transaction_id
        AND NEW.flag_level <=> OLD.flag_level
        AND NEW.removed_at <=> OLD.removed_at
    ) THEN
        CALL write_audit(
            'payment_flag',
            NEW.flag_id,
            'changed',
            JSON_OBJECT(
                'transaction_id', OLD.transaction_id,
                'flag_level', OLD.flag_level,
                'removed_at', OLD.removed_at),
            JSON_OBJECT(
                'transaction_id', NEW.transaction_id,
                'flag_level', NEW.flag_level,
                'removed_at', NEW.removed_at));
    END IF;
END$$

DELIMITER ;
