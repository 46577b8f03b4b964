DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rules_after_update_audit
AFTER UPDATE ON rules
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.view_name <=> OLD.view_name
        AND NEW.opens_case <=> OLD.opens_case
        AND NEW.active_version <=> OLD.active_version
        AND NEW.is_enabled <=> OLD.is_enabled
    ) THEN
        CALL write_audit(
            'rule',
            NEW.rule_id,
            'changed',
            JSON_OBJECT(
                'view_name', OLD.view_name,
                'opens_case', OLD.opens_case,
                'active_version', OLD.active_version,
                'is_enabled', OLD.is_enabled),
            JSON_OBJECT(
                'view_name', NEW.view_name,
                'opens_case', NEW.opens_case,
                'active_version', NEW.active_version,
                'is_enabled', NEW.is_enabled));
    END IF;
END$$

DELIMITER ;
