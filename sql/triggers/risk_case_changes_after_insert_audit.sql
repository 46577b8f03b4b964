DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER risk_case_changes_after_insert_audit
AFTER INSERT ON risk_case_changes
FOR EACH ROW
BEGIN
    -- Cases open by themselves; what people decide is what counts.
    IF NEW.change_kind <> 'opened' OR NEW.change_text LIKE 'by hand: %' THEN
        CALL write_audit(
            'case_change',
            NEW.change_id,
            'created',
            NULL,
            JSON_OBJECT(
                'case_id', NEW.case_id,
                'change_kind', NEW.change_kind));
    END IF;
END$$

DELIMITER ;
