DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rules_after_insert_audit
AFTER INSERT ON rules
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule',
        NEW.rule_id,
        'created',
        NULL,
        JSON_OBJECT(
            'view_name', NEW.view_name,
            'opens_case', NEW.opens_case,
            'active_version', NEW.active_version,
            'is_enabled', NEW.is_enabled));
END$$

DELIMITER ;
