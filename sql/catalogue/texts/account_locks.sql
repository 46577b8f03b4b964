-- By the order of their ids, so that no two payments wait for each other: each table
-- has one row by its key, and the server locks them in the order written here.
SET v_low_id = LEAST(v_account_id, COALESCE(v_counterparty_account_id, v_account_id));
SET v_high_id = GREATEST(v_account_id, v_counterparty_account_id);
SET v_is_low = (v_account_id = v_low_id);
SELECT
    IF(v_is_low, a.account_status, b.account_status),
    IF(v_is_low, a.currency, b.currency),
    IF(v_is_low, a.balance, b.balance),
    IF(v_is_low, k.overdraft_limit, l.overdraft_limit),
    IF(v_is_low, k.payment_limit, l.payment_limit),
    IF(v_is_low, b.account_status, a.account_status),
    IF(v_is_low, b.currency, a.currency),
    k.account_id = v_low_id AND l.account_id <=> v_high_id
INTO v_status, v_currency, v_balance, v_overdraft_limit, v_limit, v_other_status,
    v_other_currency, v_has_ledgers
FROM accounts AS a
LEFT JOIN account_ledgers AS k ON k.account_id = v_low_id
LEFT JOIN accounts AS b ON b.account_id = v_high_id
LEFT JOIN account_ledgers AS l ON l.account_id = v_high_id
WHERE a.account_id = v_low_id
FOR UPDATE;
-- A first posting, or an account that does not exist.
IF v_has_ledgers IS NOT TRUE THEN
    CALL lock_payment_accounts(v_account_id, v_counterparty_account_id);
END IF;
