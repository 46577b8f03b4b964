DELIMITER $$

CREATE OR REPLACE PROCEDURE insert_payment(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount DECIMAL(19,4),
    IN in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_gain DECIMAL(19,4),
    OUT out_transaction_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the row of a payment, with the response code of its refusal.
Parameters:
    in_gain: what the balance of the account is about to gain
Transaction: joins'
BEGIN
    -- with account = in_account_id
    -- with other = in_counterparty_account_id
    -- with amount = in_amount
    -- with currency = in_currency
    -- with base = NULL
    -- with type = in_transaction_type
    -- with status = in_status
    -- with reason = in_refusal_reason
    -- with balance = v_balance + in_gain
    -- with payment = out_transaction_id
    DECLARE v_balance DECIMAL(19,4);

    SELECT a.balance
    INTO v_balance
    FROM accounts AS a
    WHERE a.account_id = in_account_id;
    -- text payment_row
    -- For an amount in another currency than the base the trigger looks up the rate.
    INSERT INTO transactions (
        account_id,
        transaction_time,
        transaction_amount,
        currency,
        base_amount,
        transaction_type,
        status,
        response_code,
        counterparty_account_id,
        balance_after,
        requested_at,
        responded_at,
        idempotency_key
    ) VALUES (
        in_account_id,
        UTC_TIMESTAMP(3),
        in_amount,
        in_currency,
        NULL,
        in_transaction_type,
        in_status,
        CASE
            WHEN in_refusal_reason IS NULL THEN '00'
            WHEN in_refusal_reason = 'insufficient_funds' THEN '51'
            WHEN in_refusal_reason = 'payment_limit' THEN '61'
            WHEN in_refusal_reason = 'currency_mismatch' THEN '12'
            ELSE '62'
        END,
        in_counterparty_account_id,
        v_balance + in_gain,
        UTC_TIMESTAMP(3),
        UTC_TIMESTAMP(3),
        in_idempotency_key
    );
    SET out_transaction_id = LAST_INSERT_ID();
    -- end
END$$

DELIMITER ;
