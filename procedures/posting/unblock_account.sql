DELIMITER $$

CREATE OR REPLACE PROCEDURE unblock_account(
    IN in_account_id BIGINT,
    IN in_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes a blocked account active again.
Results: the status, and why it was refused (account_closed, not_blocked).
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account.
Transaction: owns.
Example: CALL unblock_account(1, ''customer called'', @status, @reason)'
BEGIN
    CALL change_account_status(
        'unblock_account', in_account_id, 'active', in_reason, out_status, out_refusal_reason);
END$$

DELIMITER ;
