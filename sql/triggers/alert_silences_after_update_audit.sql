DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER alert_silences_after_update_audit
AFTER UPDATE ON alert_silences
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.rule_pattern <=> OLD.rule_pattern
        AND NEW.subject_pattern <=> OLD.subject_pattern
        AND NEW.starts_at <=> OLD.starts_at
        AND NEW.ends_at <=> OLD.ends_at
    ) THEN
        CALL write_audit(
            'alert_silence',
            NEW.silence_id,
            'changed',
            JSON_OBJECT(
                'rule_pattern', OLD.rule_pattern,
                'subject_pattern', OLD.subject_pattern,
                'starts_at', OLD.starts_at,
                'ends_at', OLD.ends_at),
            JSON_OBJECT(
                'rule_pattern', NEW.rule_pattern,
                'subject_pattern', NEW.subject_pattern,
                'starts_at', NEW.starts_at,
                'ends_at', NEW.ends_at));
    END IF;
END$$

DELIMITER ;
