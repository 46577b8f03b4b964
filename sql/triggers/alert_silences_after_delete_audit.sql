DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER alert_silences_after_delete_audit
AFTER DELETE ON alert_silences
FOR EACH ROW
BEGIN
    CALL write_audit(
        'alert_silence',
        OLD.silence_id,
        'deleted',
        JSON_OBJECT(
            'rule_pattern', OLD.rule_pattern,
            'subject_pattern', OLD.subject_pattern,
            'starts_at', OLD.starts_at,
            'ends_at', OLD.ends_at),
        NULL);
END$$

DELIMITER ;
