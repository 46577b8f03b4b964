DELIMITER $$

CREATE OR REPLACE PROCEDURE refund_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_transaction_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refund_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Pays back in_amount of a completed payment, or all that was not paid back when it is NULL,
as a payment of its own (type refund). A payment that was paid back whole becomes refunded.
Results: the refund, its state, completed or NULL, and why it was refused (not_completed,
    not_posted, not_refundable, amount_above_payment, account_not_active, counterparty_not_active,
    insufficient_funds). The same key and request again give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30402 the key was
    used for another request, 30403 no such payment, 30405 archived, 30404 state, 30406 the amount
    is finer than the currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL refund_payment(''return-17'', 4711, 5, @id, @status, @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_account_id BIGINT;
    DECLARE v_counterparty_account_id BIGINT;
    DECLARE v_paid_amount DECIMAL(19,4);
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_payment_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_asked_amount DECIMAL(19,4);
    DECLARE v_amount DECIMAL(19,4);
    DECLARE v_left_amount DECIMAL(19,4);
    DECLARE v_internal_account VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_posted_amount DECIMAL(19,4);

    SET out_refund_transaction_id = NULL;
    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key, in_transaction_id IS NOT NULL, in_amount, FALSE, v_asked_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_refund_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('refund_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key,
            'refund_payment',
            CONCAT_WS('|', in_transaction_id, COALESCE(v_asked_amount, '-')),
            v_request_id, v_is_new, out_refund_transaction_id, out_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment(
                in_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
                v_currency, v_is_outgoing, v_payment_state);
            CALL check_minor_unit(v_asked_amount, v_currency);
            SELECT
                MAX(IF(e.account_id = v_account_id, -e.entry_amount, NULL)),
                MAX(e.internal_account)
            INTO v_posted_amount, v_internal_account
            FROM payment_requests AS r
            INNER JOIN ledger_entries AS e ON e.request_id = r.request_id
            WHERE r.transaction_id = in_transaction_id;
            SELECT v_paid_amount - COALESCE(SUM(f.refund_amount), 0)
            INTO v_left_amount
            FROM payment_refunds AS f
            WHERE f.transaction_id = in_transaction_id;
            SET v_amount = COALESCE(v_asked_amount, v_left_amount);
            SET out_refusal_reason = CASE
                WHEN v_payment_state <> 'completed' THEN 'not_completed'
                WHEN v_posted_amount IS NULL THEN 'not_posted'
                WHEN v_is_outgoing = 0 THEN 'not_refundable'
                WHEN v_amount > v_left_amount THEN 'amount_above_payment'
                ELSE return_refusal(v_account_id, v_counterparty_account_id, v_amount, v_currency)
            END;
            IF out_refusal_reason IS NULL THEN
                SET out_status = 'completed';
                CALL insert_payment(
                    in_idempotency_key, v_account_id, v_counterparty_account_id, v_amount,
                    v_currency, 'refund', out_status, NULL, v_amount, out_refund_transaction_id);
                CALL move_money(
                    v_request_id, v_account_id, v_counterparty_account_id, v_internal_account,
                    v_currency, v_amount);
                CALL accept_for_settlement(
                    out_refund_transaction_id, SUBSTRING_INDEX(v_internal_account, ':', -1),
                    v_amount, v_currency);
                INSERT INTO payment_refunds (refund_transaction_id, transaction_id, refund_amount)
                VALUES (out_refund_transaction_id, in_transaction_id, v_amount);
                IF v_amount = v_left_amount THEN
                    CALL change_payment_state(in_transaction_id, 'completed', 'refunded');
                    CALL note_payment_state(
                        CONCAT('payops:refunded:', in_transaction_id), 'mark_refunded',
                        in_transaction_id, 'refunded');
                END IF;
            END IF;
            -- What was refused is kept with the payment that it was about.
            CALL end_payment_request(
                v_request_id, COALESCE(out_refund_transaction_id, in_transaction_id),
                COALESCE(out_status, v_payment_state), out_refusal_reason);
        ELSEIF out_refusal_reason IS NOT NULL THEN
            SET out_refund_transaction_id = NULL;
            SET out_status = NULL;
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
