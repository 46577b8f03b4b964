DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER backups_after_update_audit
AFTER UPDATE ON backups
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.state <=> OLD.state
        AND NEW.is_pinned <=> OLD.is_pinned
        AND NEW.manifest_hash <=> OLD.manifest_hash
    ) THEN
        CALL write_audit(
            'backup',
            NEW.backup_id,
            'changed',
            JSON_OBJECT(
                'state', OLD.state,
                'is_pinned', OLD.is_pinned,
                'manifest_hash', OLD.manifest_hash),
            JSON_OBJECT(
                'state', NEW.state,
                'is_pinned', NEW.is_pinned,
                'manifest_hash', NEW.manifest_hash));
    END IF;
END$$

DELIMITER ;
