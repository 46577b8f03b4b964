DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER sla_policies_after_insert_audit
AFTER INSERT ON sla_policies
FOR EACH ROW
BEGIN
    CALL write_audit(
        'sla_policy',
        NEW.policy_name,
        'created',
        NULL,
        JSON_OBJECT(
            'threshold_value', NEW.threshold_value,
            'target_pct', NEW.target_pct));
END$$

DELIMITER ;
