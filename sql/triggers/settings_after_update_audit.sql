DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER settings_after_update_audit
AFTER UPDATE ON settings
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.setting_value <=> OLD.setting_value
    ) THEN
        CALL write_audit(
            'setting',
            NEW.setting_name,
            'changed',
            JSON_OBJECT(
                'setting_value', OLD.setting_value),
            JSON_OBJECT(
                'setting_value', NEW.setting_value));
    END IF;
END$$

DELIMITER ;
