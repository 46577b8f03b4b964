DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_accounts_after_update_audit
AFTER UPDATE ON api_accounts
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.scope <=> OLD.scope
    ) THEN
        CALL write_audit(
            'api_account',
            NEW.account_name,
            'changed',
            JSON_OBJECT(
                'scope', OLD.scope),
            JSON_OBJECT(
                'scope', NEW.scope));
    END IF;
END$$

DELIMITER ;
