DELIMITER $$

CREATE OR REPLACE PROCEDURE capture_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_transaction_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Takes the money of a payment that was authorized: in_amount, or all that is held when it
is NULL; what is not taken is free again.
Results: completed, or the state that stays, and why it was refused (not_authorized, hold_expired,
    amount_above_hold, account_closed, counterparty_not_active). A block after the authorization
    does not stop it. The same key and request again give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30402 the key was
    used for another request, 30403 no such payment, 30405 archived, 30404 state, 30406 the amount
    is finer than the currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL capture_payment(''ship-17'', 4711, NULL, @status, @reason)'
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
    DECLARE v_asked_amount DECIMAL(19,4);
    DECLARE v_amount DECIMAL(19,4);
    DECLARE v_held_amount DECIMAL(19,4);
    DECLARE v_expires_at DATETIME;
    DECLARE v_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key, in_transaction_id IS NOT NULL, in_amount, FALSE, v_asked_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('capture_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key,
            'capture_payment',
            CONCAT_WS('|', in_transaction_id, COALESCE(v_asked_amount, '-')),
            v_request_id, v_is_new, v_transaction_id, out_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment(
                in_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
                v_currency, v_is_outgoing, out_status);
            CALL check_minor_unit(v_asked_amount, v_currency);
            SELECT
                h.held_amount,
                h.expires_at,
                h.rail
            INTO v_held_amount, v_expires_at, v_rail
            FROM payment_holds AS h
            WHERE h.transaction_id = in_transaction_id
                AND h.ended_at IS NULL;
            SET v_amount = COALESCE(v_asked_amount, v_held_amount);
            SET out_refusal_reason = CASE
                WHEN out_status <> 'authorized' OR v_held_amount IS NULL THEN 'not_authorized'
                WHEN v_expires_at <= UTC_TIMESTAMP() THEN 'hold_expired'
                WHEN v_amount > v_held_amount THEN 'amount_above_hold'
                WHEN account_is_closed(v_account_id) THEN 'account_closed'
                WHEN v_counterparty_account_id IS NOT NULL
                    THEN payment_refusal(
                        v_counterparty_account_id, NULL, v_amount, v_currency, 0)
            END;
            IF out_refusal_reason = 'account_not_active' THEN
                SET out_refusal_reason = 'counterparty_not_active';
            END IF;
            IF out_refusal_reason IS NULL THEN
                CALL move_money(
                    v_request_id, v_account_id, v_counterparty_account_id,
                    CONCAT('clearing:', v_rail), v_currency, -v_amount);
                -- The payment is what was taken, and its balance the one after that.
                UPDATE transactions AS t
                INNER JOIN accounts AS a ON a.account_id = t.account_id
                SET
                    t.transaction_amount = v_amount,
                    t.base_amount = IF(v_amount = t.transaction_amount, t.base_amount, NULL),
                    t.balance_after = a.balance
                WHERE t.transaction_id = in_transaction_id;
                CALL change_payment_state(in_transaction_id, 'authorized', 'completed');
                UPDATE payment_holds
                SET
                    captured_amount = v_amount,
                    ended_at = UTC_TIMESTAMP(3),
                    outcome = 'captured'
                WHERE transaction_id = in_transaction_id;
                CALL accept_for_settlement(in_transaction_id, v_rail, v_amount, v_currency);
                SET out_status = 'completed';
            END IF;
            CALL end_payment_request(
                v_request_id, in_transaction_id, out_status, out_refusal_reason);
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
