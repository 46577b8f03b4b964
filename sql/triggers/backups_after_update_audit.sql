DELIMITER $$

CREATE OR REPLACE TRIGGER backups_after_update_audit
AFTER UPDATE ON backups
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.state <=> OLD.state
        AND NEW.is_pinned <=> OLD.is_pinned
    ) THEN
        CALL write_audit(
            'backup',
            NEW.backup_id,
            'changed',
            JSON_OBJECT(
                'state', OLD.state,
                'is_pinned', OLD.is_pinned),
            JSON_OBJECT(
                'state', NEW.state,
                'is_pinned', NEW.is_pinned));
    END IF;
END$$

DELIMITER ;
