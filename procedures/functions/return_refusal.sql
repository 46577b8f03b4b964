DELIMITER $$

CREATE OR REPLACE FUNCTION return_refusal(
    in_account_id BIGINT,
    in_counterparty_account_id BIGINT,
    in_gain DECIMAL(19,4),
    in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin
)
RETURNS VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Why the accounts do not allow that a payment is given back: the account gains in_gain (it
loses when that is negative) and the other one loses it. Reasons as in payment_refusal; the limit
of a payment does not count. Call it after lock_payment_accounts'
BEGIN
    DECLARE v_loser_id BIGINT DEFAULT IF(in_gain < 0, in_account_id, in_counterparty_account_id);
    DECLARE v_gainer_id BIGINT DEFAULT IF(in_gain < 0, in_counterparty_account_id, in_account_id);
    DECLARE v_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;

    SET v_reason = IF(
        v_loser_id IS NULL,
        payment_refusal(v_gainer_id, NULL, ABS(in_gain), in_currency, 0),
        payment_refusal(v_loser_id, v_gainer_id, ABS(in_gain), in_currency, 1));
    -- Named from the side of the account, whoever of the two loses.
    IF v_loser_id <=> in_counterparty_account_id AND v_loser_id IS NOT NULL THEN
        SET v_reason = CASE v_reason
            WHEN 'account_not_active' THEN 'counterparty_not_active'
            WHEN 'counterparty_not_active' THEN 'account_not_active'
            ELSE v_reason
        END;
    END IF;
    RETURN NULLIF(v_reason, 'payment_limit');
END$$

DELIMITER ;
