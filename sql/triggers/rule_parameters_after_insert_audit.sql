DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_parameters_after_insert_audit
AFTER INSERT ON rule_parameters
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule_parameter',
        CONCAT(NEW.rule_id, ' ', NEW.rule_version, ' ', NEW.parameter_name),
        'created',
        NULL,
        JSON_OBJECT(
            'parameter_value', NEW.parameter_value));
END$$

DELIMITER ;
