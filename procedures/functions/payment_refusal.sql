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
    DECLARE v_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_available DECIMAL(19,4);
    DECLARE v_limit DECIMAL(19,4);
    DECLARE v_other_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_other_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;

    SELECT
        a.account_status,
        a.currency,
        a.balance + l.overdraft_limit - COALESCE((
            SELECT SUM(h.held_amount)
            FROM payment_holds AS h
            WHERE h.account_id = in_account_id
                AND h.ended_at IS NULL
        ), 0),
        l.payment_limit
    INTO v_status, v_currency, v_available, v_limit
    FROM accounts AS a
    INNER JOIN account_ledgers AS l ON l.account_id = a.account_id
    WHERE a.account_id = in_account_id;

    IF v_status <> 'active' AND NOT (in_is_outgoing = 0 AND v_status = 'dormant') THEN
        RETURN 'account_not_active';
    END IF;
    IF v_currency <> in_currency THEN
        RETURN 'currency_mismatch';
    END IF;
    IF in_counterparty_account_id IS NOT NULL THEN
        SELECT
            a.account_status,
            a.currency
        INTO v_other_status, v_other_currency
        FROM accounts AS a
        WHERE a.account_id = in_counterparty_account_id;
        IF v_other_status NOT IN ('active', 'dormant') THEN
            RETURN 'counterparty_not_active';
        END IF;
        IF v_other_currency <> in_currency THEN
            RETURN 'currency_mismatch';
        END IF;
    END IF;
    IF in_is_outgoing = 1 THEN
        IF in_amount > v_available THEN
            RETURN 'insufficient_funds';
        END IF;
        IF in_amount > v_limit THEN
            RETURN 'payment_limit';
        END IF;
    END IF;
    RETURN NULL;
END$$

DELIMITER ;
