DELIMITER $$

CREATE OR REPLACE PROCEDURE open_api_session(
    IN in_token_id BIGINT,
    IN in_token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_session_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Opens a session of a browser for the holder of a token: it has the scope of the token and
ends after 12 hours, or with the token.
Parameters:
    in_token_hash: SHA-256 of the secret of the token, hexadecimal
    in_session_hash: SHA-256 of the secret of the session, hexadecimal
Result: token_id of the session, expires_at.
Errors: 30002 argument, 30921 no valid token.
Transaction: joins.
Example: CALL open_api_session(4, SHA2(''...'', 256), SHA2(''...'', 256))'
BEGIN
    IF NOT COALESCE(in_session_hash REGEXP '^[0-9a-f]{64}$', FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'open_api_session: the hash of the session is missing or impossible';
    END IF;
    INSERT INTO api_tokens (parent_token_id, person, scope, token_hash, created_at, expires_at)
    SELECT
        t.token_id,
        t.person,
        t.scope,
        in_session_hash,
        DATE_FORMAT(server_clock(), '%Y-%m-%d %H:%i:%s'),
        LEAST(
            t.expires_at, DATE_FORMAT(server_clock() + INTERVAL 12 HOUR, '%Y-%m-%d %H:%i:%s'))
    FROM api_tokens AS t
    WHERE t.token_id = in_token_id
        AND t.token_hash = in_token_hash
        AND t.parent_token_id IS NULL
        AND t.revoked_at IS NULL
        AND t.expires_at > server_clock();
    IF ROW_COUNT() = 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30921,
            MESSAGE_TEXT = 'open_api_session: the token does not exist, is revoked or has expired';
    END IF;
    SELECT
        t.token_id,
        t.expires_at
    FROM api_tokens AS t
    WHERE t.token_id = LAST_INSERT_ID();
END$$

DELIMITER ;
