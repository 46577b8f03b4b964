-- Who pays whom never changes, so it may be read before anything is locked.
SELECT
    t.account_id,
    t.counterparty_account_id,
    t.currency,
    y.is_outgoing,
    c.minor_unit,
    c.is_base
INTO v_account_id, v_counterparty_account_id, v_payment_currency, v_is_outgoing,
    v_minor_unit, v_is_base
FROM transactions AS t
LEFT JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
LEFT JOIN currencies AS c ON c.currency = t.currency
WHERE t.transaction_id = in_transaction_id;
-- A payment that is not here, which only lock_payment says more about.
IF v_account_id IS NULL THEN
    CALL lock_payment(
        in_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
        v_payment_currency, v_is_outgoing, v_payment_state);
END IF;
