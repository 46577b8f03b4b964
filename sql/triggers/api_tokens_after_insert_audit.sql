DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_tokens_after_insert_audit
AFTER INSERT ON api_tokens
FOR EACH ROW
BEGIN
    CALL write_audit(
        'api_token',
        NEW.token_id,
        'created',
        NULL,
        JSON_OBJECT(
            'parent_token_id', NEW.parent_token_id,
            'person', NEW.person,
            'scope', NEW.scope,
            'expires_at', NEW.expires_at,
            'revoked_at', NEW.revoked_at));
END$$

DELIMITER ;
