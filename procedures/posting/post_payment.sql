DELIMITER $$

CREATE OR REPLACE PROCEDURE post_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(17) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Carries out a payment: to the account in_counterparty_account_id of this bank, or over
in_rail; one of them is NULL.
Results: the payment, completed or denied, and why it was denied. The same key and request again
    give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account, 30402 the key was used for another request, 30406 the amount is finer than the
    currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL post_payment(''order-17'', 1, 2, 10.50, ''EUR'', ''transfer'', NULL, @id, @status,
    @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_amount DECIMAL(19,4);
    DECLARE v_gain DECIMAL(19,4);

    SET out_transaction_id = NULL;
    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key,
        in_account_id IS NOT NULL AND in_currency IS NOT NULL AND in_amount IS NOT NULL,
        in_amount, FALSE, v_amount);
    CALL check_payment_parties(
        in_account_id, in_counterparty_account_id, v_amount, in_currency, in_transaction_type, in_rail,
        v_is_outgoing);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('post_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key,
            'post_payment',
            CONCAT_WS(
                '|', in_account_id, COALESCE(in_counterparty_account_id, '-'), v_amount,
                in_currency, in_transaction_type, COALESCE(in_rail, '-')),
            v_request_id, v_is_new, out_transaction_id, out_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment_accounts(in_account_id, in_counterparty_account_id);
            SET out_refusal_reason = payment_refusal(
                in_account_id, in_counterparty_account_id, v_amount, in_currency, v_is_outgoing);
            SET out_status = IF(out_refusal_reason IS NULL, 'completed', 'denied');
            SET v_gain = IF(v_is_outgoing = 1, -v_amount, v_amount);
            CALL insert_payment(
                in_idempotency_key, in_account_id, in_counterparty_account_id, v_amount,
                in_currency, in_transaction_type, out_status, out_refusal_reason,
                IF(out_refusal_reason IS NULL, v_gain, 0), out_transaction_id);
            IF out_refusal_reason IS NULL THEN
                CALL move_money(
                    v_request_id, in_account_id, in_counterparty_account_id,
                    CONCAT('clearing:', in_rail), in_currency, v_gain);
                CALL accept_for_settlement(out_transaction_id, in_rail, v_amount, in_currency);
            END IF;
            CALL end_payment_request(
                v_request_id, out_transaction_id, out_status, out_refusal_reason);
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
