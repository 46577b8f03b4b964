DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_versions_after_insert_audit
AFTER INSERT ON rule_versions
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule_version',
        CONCAT(NEW.rule_id, ' ', NEW.rule_version),
        'created',
        NULL,
        JSON_OBJECT(
            'version_state', NEW.version_state,
            'points', NEW.points,
            'half_life_days', NEW.half_life_days,
            'expiry_days', NEW.expiry_days,
            'proposed_by', NEW.proposed_by,
            'approved_by', NEW.approved_by));
END$$

DELIMITER ;
