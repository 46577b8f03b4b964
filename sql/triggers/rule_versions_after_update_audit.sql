DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_versions_after_update_audit
AFTER UPDATE ON rule_versions
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.version_state <=> OLD.version_state
        AND NEW.points <=> OLD.points
        AND NEW.half_life_days <=> OLD.half_life_days
        AND NEW.expiry_days <=> OLD.expiry_days
        AND NEW.proposed_by <=> OLD.proposed_by
        AND NEW.approved_by <=> OLD.approved_by
    ) THEN
        CALL write_audit(
            'rule_version',
            CONCAT(NEW.rule_id, ' ', NEW.rule_version),
            'changed',
            JSON_OBJECT(
                'version_state', OLD.version_state,
                'points', OLD.points,
                'half_life_days', OLD.half_life_days,
                'expiry_days', OLD.expiry_days,
                'proposed_by', OLD.proposed_by,
                'approved_by', OLD.approved_by),
            JSON_OBJECT(
                'version_state', NEW.version_state,
                'points', NEW.points,
                'half_life_days', NEW.half_life_days,
                'expiry_days', NEW.expiry_days,
                'proposed_by', NEW.proposed_by,
                'approved_by', NEW.approved_by));
    END IF;
END$$

DELIMITER ;
