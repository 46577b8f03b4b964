INSERT INTO ledger_entries (
    request_id,
    account_id,
    internal_account,
    currency,
    entry_amount
) VALUES
    (v_request_id, v_account_id, NULL, v_payment_currency, v_gain),
    (
        v_request_id, v_counterparty_account_id, v_internal_account,
        v_payment_currency, -v_gain
    );
UPDATE accounts AS a
SET a.balance = a.balance + IF(a.account_id = v_account_id, v_gain, -v_gain)
WHERE a.account_id IN (v_account_id, v_counterparty_account_id);
