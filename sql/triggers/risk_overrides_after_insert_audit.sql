DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER risk_overrides_after_insert_audit
AFTER INSERT ON risk_overrides
FOR EACH ROW
BEGIN
    CALL write_audit(
        'score_override',
        NEW.override_id,
        'created',
        NULL,
        JSON_OBJECT(
            'customer_id', NEW.customer_id,
            'override_score', NEW.override_score,
            'expires_at', NEW.expires_at));
END$$

DELIMITER ;
