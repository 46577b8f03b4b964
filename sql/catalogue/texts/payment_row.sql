SET v_now = UTC_TIMESTAMP(3);
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
    v_account_id,
    v_now,
    v_amount,
    v_payment_currency,
    IF(v_is_base, v_amount, NULL),
    v_transaction_type,
    out_status,
    CASE
        WHEN v_refusal_reason IS NULL THEN '00'
        WHEN v_refusal_reason = 'insufficient_funds' THEN '51'
        WHEN v_refusal_reason = 'payment_limit' THEN '61'
        WHEN v_refusal_reason = 'currency_mismatch' THEN '12'
        ELSE '62'
    END,
    v_counterparty_account_id,
    v_balance + v_gain,
    v_now,
    UTC_TIMESTAMP(3),
    in_idempotency_key
);
