DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER sla_policies_after_delete_audit
AFTER DELETE ON sla_policies
FOR EACH ROW
BEGIN
    CALL write_audit(
        'sla_policy',
        OLD.policy_name,
        'deleted',
        JSON_OBJECT(
            'threshold_value', OLD.threshold_value,
            'target_pct', OLD.target_pct),
        NULL);
END$$

DELIMITER ;
