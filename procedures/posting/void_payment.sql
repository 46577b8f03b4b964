DELIMITER $$

CREATE OR REPLACE PROCEDURE void_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives up a payment that was authorized and not taken: its money is free again.
Results: cancelled, or the state that stays, and why it was refused (not_authorized). The same key
    and request again give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30402 the key was
    used for another request, 30403 no such payment, 30405 archived, 30404 state. After a lost
    connection call it again with the same key.
Transaction: owns.
Example: CALL void_payment(''cancel-17'', 4711, @status, @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_account_id BIGINT;
    DECLARE v_counterparty_account_id BIGINT;
    DECLARE v_paid_amount DECIMAL(19,4);
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_no_amount DECIMAL(19,4);

    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key, in_transaction_id IS NOT NULL, NULL, FALSE, v_no_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('void_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key, 'void_payment', in_transaction_id,
            v_request_id, v_is_new, v_transaction_id, out_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment(
                in_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
                v_currency, v_is_outgoing, out_status);
            IF out_status = 'authorized' THEN
                CALL change_payment_state(in_transaction_id, 'authorized', 'cancelled');
                UPDATE payment_holds
                SET
                    ended_at = UTC_TIMESTAMP(3),
                    outcome = 'voided'
                WHERE transaction_id = in_transaction_id;
                SET out_status = 'cancelled';
            ELSE
                SET out_refusal_reason = 'not_authorized';
            END IF;
            CALL end_payment_request(
                v_request_id, in_transaction_id, out_status, out_refusal_reason);
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
