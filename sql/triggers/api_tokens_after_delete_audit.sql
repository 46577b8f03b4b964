DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER api_tokens_after_delete_audit
AFTER DELETE ON api_tokens
FOR EACH ROW
BEGIN
    CALL write_audit(
        'api_token',
        OLD.token_id,
        'deleted',
        JSON_OBJECT(
            'parent_token_id', OLD.parent_token_id,
            'person', OLD.person,
            'scope', OLD.scope,
            'expires_at', OLD.expires_at,
            'revoked_at', OLD.revoked_at),
        NULL);
END$$

DELIMITER ;
