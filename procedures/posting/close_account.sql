DELIMITER $$

CREATE OR REPLACE PROCEDURE close_account(
    IN in_account_id BIGINT,
    IN in_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Closes an account for good.
Results: the status, and why it was refused (balance_not_zero, open_holds, open_payments).
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account.
Transaction: owns.
Example: CALL close_account(1, ''asked by the customer'', @status, @reason)'
BEGIN
    CALL change_account_status(
        'close_account', in_account_id, 'closed', in_reason, out_status, out_refusal_reason);
END$$

DELIMITER ;
