SET v_refusal_reason = CASE
    WHEN v_status <> 'active' AND NOT (v_is_outgoing = 0 AND v_status = 'dormant')
        THEN 'account_not_active'
    WHEN v_currency <> v_payment_currency THEN 'currency_mismatch'
    WHEN v_other_status NOT IN ('active', 'dormant') THEN 'counterparty_not_active'
    WHEN v_other_currency <> v_payment_currency THEN 'currency_mismatch'
    WHEN v_is_outgoing = 1 AND v_amount > v_available THEN 'insufficient_funds'
    WHEN v_is_outgoing = 1 AND v_amount > v_limit THEN 'payment_limit'
END;
