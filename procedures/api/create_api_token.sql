DELIMITER $$

CREATE OR REPLACE PROCEDURE create_api_token(
    IN in_person VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_scope VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_valid_days INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Records a token of the HTTP API.
Parameters:
    in_person: who holds it, 1 to 64 characters
    in_scope: read, operate or admin
    in_token_hash: SHA-256 of its secret, hexadecimal
    in_valid_days: from 1 to 3650
Result: token_id, expires_at.
Errors: 30002 argument.
Transaction: joins.
Example: CALL create_api_token(''anna'', ''operate'', SHA2(''...'', 256), 90)'
BEGIN
    IF NOT COALESCE(
        TRIM(in_person) <> ''
            AND in_person NOT REGEXP '[[:cntrl:]]'
            AND in_scope IN ('read', 'operate', 'admin')
            AND in_token_hash REGEXP '^[0-9a-f]{64}$'
            AND in_valid_days BETWEEN 1 AND 3650,
        FALSE)
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'create_api_token: person, scope, hash or days are missing or impossible';
    END IF;
    INSERT INTO api_tokens (person, scope, token_hash, created_at, expires_at)
    VALUES (
        TRIM(in_person),
        in_scope,
        in_token_hash,
        DATE_FORMAT(server_clock(), '%Y-%m-%d %H:%i:%s'),
        DATE_FORMAT(server_clock() + INTERVAL in_valid_days DAY, '%Y-%m-%d %H:%i:%s')
    );
    SELECT
        t.token_id,
        t.expires_at
    FROM api_tokens AS t
    WHERE t.token_id = LAST_INSERT_ID();
END$$

DELIMITER ;
