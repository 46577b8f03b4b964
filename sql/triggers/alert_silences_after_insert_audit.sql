DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER alert_silences_after_insert_audit
AFTER INSERT ON alert_silences
FOR EACH ROW
BEGIN
    CALL write_audit(
        'alert_silence',
        NEW.silence_id,
        'created',
        NULL,
        JSON_OBJECT(
            'rule_pattern', NEW.rule_pattern,
            'subject_pattern', NEW.subject_pattern,
            'starts_at', NEW.starts_at,
            'ends_at', NEW.ends_at));
END$$

DELIMITER ;
