DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER sla_policies_after_update_audit
AFTER UPDATE ON sla_policies
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.threshold_value <=> OLD.threshold_value
        AND NEW.target_pct <=> OLD.target_pct
    ) THEN
        CALL write_audit(
            'sla_policy',
            NEW.policy_name,
            'changed',
            JSON_OBJECT(
                'threshold_value', OLD.threshold_value,
                'target_pct', OLD.target_pct),
            JSON_OBJECT(
                'threshold_value', NEW.threshold_value,
                'target_pct', NEW.target_pct));
    END IF;
END$$

DELIMITER ;
