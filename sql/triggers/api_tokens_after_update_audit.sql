DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_tokens_after_update_audit
AFTER UPDATE ON api_tokens
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.parent_token_id <=> OLD.parent_token_id
        AND NEW.person <=> OLD.person
        AND NEW.scope <=> OLD.scope
        AND NEW.expires_at <=> OLD.expires_at
        AND NEW.revoked_at <=> OLD.revoked_at
    ) THEN
        CALL write_audit(
            'api_token',
            NEW.token_id,
            'changed',
            JSON_OBJECT(
                'parent_token_id', OLD.parent_token_id,
                'person', OLD.person,
                'scope', OLD.scope,
                'expires_at', OLD.expires_at,
                'revoked_at', OLD.revoked_at),
            JSON_OBJECT(
                'parent_token_id', NEW.parent_token_id,
                'person', NEW.person,
                'scope', NEW.scope,
                'expires_at', NEW.expires_at,
                'revoked_at', NEW.revoked_at));
    END IF;
END$$

DELIMITER ;
