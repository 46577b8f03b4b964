DELIMITER $$

CREATE OR REPLACE PROCEDURE revoke_api_token(
    IN in_token_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Revokes a token of the HTTP API and the sessions that were opened with it. One that is
revoked stays so.
Errors: 30920 no such token.
Transaction: joins.
Example: CALL revoke_api_token(4)'
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM api_tokens AS t
        WHERE t.token_id = in_token_id
    ) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30920,
            MESSAGE_TEXT = 'revoke_api_token: the token does not exist';
    END IF;
    UPDATE api_tokens AS t
    SET t.revoked_at = DATE_FORMAT(server_clock(), '%Y-%m-%d %H:%i:%s')
    WHERE t.revoked_at IS NULL
        AND (t.token_id = in_token_id OR t.parent_token_id = in_token_id);
END$$

DELIMITER ;
