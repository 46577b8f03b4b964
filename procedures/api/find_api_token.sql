DELIMITER $$

CREATE OR REPLACE PROCEDURE find_api_token(
    IN in_token_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Gives the token of the HTTP API with a number, for the caller to compare its secret with.
Result: token_hash, person, scope, expires_at, seconds_left; no row when there is none, or it or its
parent is revoked or has expired.
Errors: none of its own.
Transaction: joins.
Example: CALL find_api_token(4)'
BEGIN
    SELECT
        t.token_hash,
        t.person,
        t.scope,
        t.expires_at,
        TIMESTAMPDIFF(SECOND, server_clock(), t.expires_at) AS seconds_left
    FROM api_tokens AS t
    LEFT JOIN api_tokens AS p ON p.token_id = t.parent_token_id
    WHERE t.token_id = in_token_id
        AND t.revoked_at IS NULL
        AND t.expires_at > server_clock()
        AND p.revoked_at IS NULL
        AND COALESCE(p.expires_at > server_clock(), TRUE);
END$$

DELIMITER ;
