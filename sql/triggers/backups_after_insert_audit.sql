DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER backups_after_insert_audit
AFTER INSERT ON backups
FOR EACH ROW
BEGIN
    CALL write_audit(
        'backup',
        NEW.backup_id,
        'created',
        NULL,
        JSON_OBJECT(
            'state', NEW.state,
            'is_pinned', NEW.is_pinned,
            'manifest_hash', NEW.manifest_hash));
END$$

DELIMITER ;
