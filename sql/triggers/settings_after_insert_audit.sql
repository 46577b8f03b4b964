DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settings_after_insert_audit
AFTER INSERT ON settings
FOR EACH ROW
BEGIN
    CALL write_audit(
        'setting',
        NEW.setting_name,
        'created',
        NULL,
        JSON_OBJECT(
            'setting_value', NEW.setting_value));
END$$

DELIMITER ;
