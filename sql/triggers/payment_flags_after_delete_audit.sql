DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER payment_flags_after_delete_audit
AFTER DELETE ON payment_flags
FOR EACH ROW
BEGIN
    CALL write_audit(
        'payment_flag',
        OLD.flag_id,
        'deleted',
        JSON_OBJECT(
            'transaction_id', OLD.transaction_id,
            'flag_level', OLD.flag_level,
            'removed_at', OLD.removed_at),
        NULL);
END$$

DELIMITER ;
