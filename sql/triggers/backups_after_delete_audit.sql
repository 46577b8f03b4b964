DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER backups_after_delete_audit
AFTER DELETE ON backups
FOR EACH ROW
BEGIN
    CALL write_audit(
        'backup',
        OLD.backup_id,
        'deleted',
        JSON_OBJECT(
            'state', OLD.state,
            'is_pinned', OLD.is_pinned,
            'manifest_hash', OLD.manifest_hash),
        NULL);
END$$

DELIMITER ;
