DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_parameters_after_delete_audit
AFTER DELETE ON rule_parameters
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule_parameter',
        CONCAT(OLD.rule_id, ' ', OLD.rule_version, ' ', OLD.parameter_name),
        'deleted',
        JSON_OBJECT(
            'parameter_value', OLD.parameter_value),
        NULL);
END$$

DELIMITER ;
