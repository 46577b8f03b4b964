DELIMITER $$

CREATE OR REPLACE FUNCTION payment_refusal(
    in_account_id BIGINT,
    in_counterparty_account_id BIGINT,
    in_amount DECIMAL(19,4),
    in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    in_is_outgoing TINYINT
)
RETURNS VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Why the accounts do not allow a payment: account_not_active, counterparty_not_active,
currency_mismatch, payment_limit or insufficient_funds; NULL when they allow it. Money that is held
for other payments is not there. Money leaves an active account only; an active or dormant one may
receive it. Call it after lock_payment_accounts'
BEGIN
    -- with account = in_account_id
    -- with currency = in_currency
    -- with amount = in_amount
    -- with outgoing = in_is_outgoing
    -- with reason = v_refusal_reason
    DECLARE v_available, v_limit DECIMAL(19,4);
    DECLARE v_status, v_other_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_currency, v_other_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;

    SELECT
        a.account_status,
        a.currency,
        a.balance + l.overdraft_limit,
        l.payment_limit,
        o.account_status,
        o.currency
    INTO v_status, v_currency, v_available, v_limit, v_other_status, v_other_currency
    FROM accounts AS a
    INNER JOIN account_ledgers AS l ON l.account_id = a.account_id
    LEFT JOIN accounts AS o ON o.account_id = in_counterparty_account_id
    WHERE a.account_id = in_account_id;
    -- text payment_refusal
    -- Read after the accounts were locked, so that a hold that was just made is there.
    SELECT CASE
        WHEN v_status <> 'active' AND NOT (in_is_outgoing = 0 AND v_status = 'dormant')
            THEN 'account_not_active'
        WHEN v_currency <> in_currency THEN 'currency_mismatch'
        WHEN v_other_status NOT IN ('active', 'dormant') THEN 'counterparty_not_active'
        WHEN v_other_currency <> in_currency THEN 'currency_mismatch'
        WHEN in_is_outgoing = 1 AND in_amount > v_available - COALESCE(SUM(h.held_amount), 0)
            THEN 'insufficient_funds'
        WHEN in_is_outgoing = 1 AND in_amount > v_limit THEN 'payment_limit'
    END
    INTO v_refusal_reason
    FROM payment_holds AS h
    WHERE h.account_id = in_account_id
        AND h.ended_at IS NULL;
    -- end
    RETURN v_refusal_reason;
END$$

DELIMITER ;
