DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_accounts_after_delete_audit
AFTER DELETE ON api_accounts
FOR EACH ROW
BEGIN
    CALL write_audit(
        'api_account',
        OLD.account_name,
        'deleted',
        JSON_OBJECT(
            'scope', OLD.scope),
        NULL);
END$$

DELIMITER ;
