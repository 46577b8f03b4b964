DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER rule_versions_after_delete_audit
AFTER DELETE ON rule_versions
FOR EACH ROW
BEGIN
    CALL write_audit(
        'rule_version',
        CONCAT(OLD.rule_id, ' ', OLD.rule_version),
        'deleted',
        JSON_OBJECT(
            'version_state', OLD.version_state,
            'points', OLD.points,
            'half_life_days', OLD.half_life_days,
            'expiry_days', OLD.expiry_days,
            'proposed_by', OLD.proposed_by,
            'approved_by', OLD.approved_by),
        NULL);
END$$

DELIMITER ;
