DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER risk_overrides_after_delete_audit
AFTER DELETE ON risk_overrides
FOR EACH ROW
BEGIN
    CALL write_audit(
        'score_override',
        OLD.override_id,
        'deleted',
        JSON_OBJECT(
            'customer_id', OLD.customer_id,
            'override_score', OLD.override_score,
            'expires_at', OLD.expires_at),
        NULL);
END$$

DELIMITER ;
