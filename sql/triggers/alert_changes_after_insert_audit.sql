DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER alert_changes_after_insert_audit
AFTER INSERT ON alert_changes
FOR EACH ROW
BEGIN
    -- Alerts fire and end by themselves; what people decide is what counts.
    IF NEW.changed_by <> 'payops' AND NEW.change_kind <> 'comment' THEN
        CALL write_audit(
            'alert_change',
            NEW.change_id,
            'created',
            NULL,
            JSON_OBJECT(
                'alert_id', NEW.alert_id,
                'change_kind', NEW.change_kind,
                'disposition', IF(NEW.change_kind = 'disposition', NEW.change_text, NULL)));
    END IF;
END$$

DELIMITER ;
