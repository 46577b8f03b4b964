DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_parameters_after_update_audit
AFTER UPDATE ON rule_parameters
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.parameter_value <=> OLD.parameter_value
    ) THEN
        CALL write_audit(
            'rule_parameter',
            CONCAT(NEW.rule_id, ' ', NEW.rule_version, ' ', NEW.parameter_name),
            'changed',
            JSON_OBJECT(
                'parameter_value', OLD.parameter_value),
            JSON_OBJECT(
                'parameter_value', NEW.parameter_value));
    END IF;
END$$

DELIMITER ;
