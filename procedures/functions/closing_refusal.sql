DELIMITER $$

CREATE OR REPLACE FUNCTION closing_refusal(
    in_account_id BIGINT
)
RETURNS VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Why an account cannot be closed: balance_not_zero, open_holds or open_payments; NULL when
it can. Call it after lock_payment_accounts'
BEGIN
    IF EXISTS (
        SELECT 1
        FROM accounts AS a
        WHERE a.account_id = in_account_id
            AND a.balance <> 0
    ) THEN
        RETURN 'balance_not_zero';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM payment_holds AS h
        WHERE h.account_id = in_account_id
            AND h.ended_at IS NULL
    ) THEN
        RETURN 'open_holds';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM transactions AS t
        INNER JOIN payment_states AS p ON p.state = t.status
        WHERE t.account_id = in_account_id
            AND p.is_terminal = 0
    ) THEN
        RETURN 'open_payments';
    END IF;
    RETURN NULL;
END$$

DELIMITER ;
