DELIMITER $$

CREATE OR REPLACE PROCEDURE close_api_session(
    IN in_token_id BIGINT,
    IN in_session_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Closes a session of a browser; does nothing when it is closed or its secret is another.
Errors: none of its own.
Transaction: joins.
Example: CALL close_api_session(5, SHA2(''...'', 256))'
BEGIN
    UPDATE api_tokens AS t
    SET t.revoked_at = DATE_FORMAT(server_clock(), '%Y-%m-%d %H:%i:%s')
    WHERE t.token_id = in_token_id
        AND t.token_hash = in_session_hash
        AND t.parent_token_id IS NOT NULL
        AND t.revoked_at IS NULL;
END$$

DELIMITER ;
