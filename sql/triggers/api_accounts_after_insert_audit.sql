DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_accounts_after_insert_audit
AFTER INSERT ON api_accounts
FOR EACH ROW
BEGIN
    CALL write_audit(
        'api_account',
        NEW.account_name,
        'created',
        NULL,
        JSON_OBJECT(
            'scope', NEW.scope));
END$$

DELIMITER ;
