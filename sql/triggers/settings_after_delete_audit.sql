DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settings_after_delete_audit
AFTER DELETE ON settings
FOR EACH ROW
BEGIN
    CALL write_audit(
        'setting',
        OLD.setting_name,
        'deleted',
        JSON_OBJECT(
            'setting_value', OLD.setting_value),
        NULL);
END$$

DELIMITER ;
