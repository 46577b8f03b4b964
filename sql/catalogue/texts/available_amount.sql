-- Read after the accounts were locked, so that a hold that was just made is there.
SELECT v_balance + COALESCE(v_overdraft_limit, 0) - COALESCE(SUM(h.held_amount), 0)
INTO v_available
FROM payment_holds AS h
WHERE h.account_id = v_account_id
    AND h.ended_at IS NULL;
