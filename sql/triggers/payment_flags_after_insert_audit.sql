DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER payment_flags_after_insert_audit
AFTER INSERT ON payment_flags
FOR EACH ROW
BEGIN
    CALL write_audit(
        'payment_flag',
        NEW.flag_id,
        'created',
        NULL,
        JSON_OBJECT(
            'transaction_id', NEW.transaction_id,
            'flag_level', NEW.flag_level,
            'removed_at', NEW.removed_at));
END$$

DELIMITER ;
