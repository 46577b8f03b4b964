DELIMITER $$

CREATE OR REPLACE PROCEDURE change_account_status(
    IN in_operation VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_account_id BIGINT,
    IN in_to_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Brings an account into a status and keeps who did it and why, also when it was refused. A
change to the status that the account has does nothing.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account.
Transaction: owns'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_no_amount DECIMAL(19,4);
    DECLARE v_from_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;

    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_operation, in_account_id IS NOT NULL AND COALESCE(in_reason, '') <> '',
        NULL, FALSE, v_no_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('change_account_status', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL lock_payment_accounts(in_account_id, NULL);
        SELECT a.account_status
        INTO v_from_status
        FROM accounts AS a
        WHERE a.account_id = in_account_id;
        SET out_status = v_from_status;
        IF v_from_status <> in_to_status THEN
            SET out_refusal_reason = CASE
                WHEN v_from_status = 'closed' THEN 'account_closed'
                WHEN in_to_status = 'active' AND v_from_status <> 'blocked' THEN 'not_blocked'
                WHEN in_to_status = 'closed' THEN closing_refusal(in_account_id)
            END;
            IF out_refusal_reason IS NULL THEN
                UPDATE accounts AS a
                SET a.account_status = in_to_status
                WHERE a.account_id = in_account_id;
                SET out_status = in_to_status;
            END IF;
            INSERT INTO account_status_changes (
                account_id,
                operation,
                from_status,
                to_status,
                reason,
                refusal_reason,
                changed_by,
                changed_at
            ) VALUES (
                in_account_id,
                in_operation,
                v_from_status,
                out_status,
                in_reason,
                out_refusal_reason,
                acting_person(),
                UTC_TIMESTAMP(3)
            );
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
