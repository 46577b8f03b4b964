DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER account_status_changes_after_insert_audit
AFTER INSERT ON account_status_changes
FOR EACH ROW
BEGIN
    CALL write_audit(
        'account_status',
        NEW.change_id,
        'created',
        NULL,
        JSON_OBJECT(
            'account_id', NEW.account_id,
            'operation', NEW.operation,
            'from_status', NEW.from_status,
            'to_status', NEW.to_status));
END$$

DELIMITER ;
