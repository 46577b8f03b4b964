DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER risk_overrides_after_update_audit
AFTER UPDATE ON risk_overrides
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.customer_id <=> OLD.customer_id
        AND NEW.override_score <=> OLD.override_score
        AND NEW.expires_at <=> OLD.expires_at
    ) THEN
        CALL write_audit(
            'score_override',
            NEW.override_id,
            'changed',
            JSON_OBJECT(
                'customer_id', OLD.customer_id,
                'override_score', OLD.override_score,
                'expires_at', OLD.expires_at),
            JSON_OBJECT(
                'customer_id', NEW.customer_id,
                'override_score', NEW.override_score,
                'expires_at', NEW.expires_at));
    END IF;
END$$

DELIMITER ;
