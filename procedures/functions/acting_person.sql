DELIMITER $$

CREATE OR REPLACE FUNCTION acting_person()
RETURNS VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Who acts: the account of the session, or api: and the person whose token payops serve has
checked. Only accounts of api_accounts act for others; what another session writes into
@payops_person counts for nothing.
Example: SELECT acting_person()'
BEGIN
    DECLARE v_account VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT SESSION_USER();

    IF @payops_person IS NULL THEN
        RETURN v_account;
    END IF;
    IF EXISTS (
        SELECT 1
        FROM api_accounts AS a
        WHERE a.account_name = SUBSTRING_INDEX(v_account, '@', 1)
    ) THEN
        RETURN CONCAT(
            'api:',
            LEFT(CONVERT(@payops_person USING utf8mb4) COLLATE utf8mb4_general_ci, 64));
    END IF;
    RETURN v_account;
END$$

DELIMITER ;
