-- Read after the accounts were locked: a hold that somebody else has just made is there.
SELECT v_balance + COALESCE(v_overdraft_limit, 0) - COALESCE(SUM(h.held_amount), 0)
INTO v_available
FROM payment_holds AS h
WHERE h.account_id = v_account_id
    AND h.ended_at IS NULL;
