DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rules_after_delete_audit
AFTER DELETE ON rules
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule',
        OLD.rule_id,
        'deleted',
        JSON_OBJECT(
            'view_name', OLD.view_name,
            'opens_case', OLD.opens_case,
            'active_version', OLD.active_version,
            'is_enabled', OLD.is_enabled),
        NULL);
END$$

DELIMITER ;
