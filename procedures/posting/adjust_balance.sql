DELIMITER $$

CREATE OR REPLACE PROCEDURE adjust_balance(
    IN in_idempotency_key VARBINARY(65),
    IN in_account_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_balance DECIMAL(19,4),
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Corrects the balance of an account by hand: it gains in_amount, or loses it when that is
negative, against the adjustments of the bank. Neither funds nor blocks stop it.
Results: the balance after it, and why it was refused (account_closed). The same key and request
    again give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account, 30402 the key was used for another request, 30406 the amount is finer than the
    currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL adjust_balance(''ticket-9'', 1, -12.50, ''fee charged twice'', @balance, @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_amount DECIMAL(19,4);
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;

    SET out_balance = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key,
        in_account_id IS NOT NULL AND in_amount IS NOT NULL AND COALESCE(in_reason, '') <> '',
        in_amount, TRUE, v_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_balance = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('adjust_balance', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key, 'adjust_balance',
            CONCAT_WS('|', in_account_id, v_amount, in_reason),
            v_request_id, v_is_new, v_transaction_id, v_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment_accounts(in_account_id, NULL);
            IF account_is_closed(in_account_id) THEN
                SET out_refusal_reason = 'account_closed';
            ELSE
                SELECT a.currency
                INTO v_currency
                FROM accounts AS a
                WHERE a.account_id = in_account_id;
                CALL check_minor_unit(v_amount, v_currency);
                CALL move_money(
                    v_request_id, in_account_id, NULL, 'adjustments', v_currency, v_amount);
            END IF;
            INSERT INTO balance_adjustments (
                request_id,
                account_id,
                adjustment_amount,
                balance_after,
                reason
            )
            SELECT
                v_request_id,
                a.account_id,
                v_amount,
                a.balance,
                in_reason
            FROM accounts AS a
            WHERE a.account_id = in_account_id;
            CALL end_payment_request(v_request_id, NULL, NULL, out_refusal_reason);
        END IF;
        SELECT d.balance_after
        INTO out_balance
        FROM balance_adjustments AS d
        WHERE d.request_id = v_request_id;
        COMMIT;
    END;
END$$

DELIMITER ;
