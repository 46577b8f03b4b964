DELIMITER $$

CREATE OR REPLACE PROCEDURE insert_payment(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount DECIMAL(19,4),
    IN in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_gain DECIMAL(19,4),
    OUT out_transaction_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the row of a payment, with the response code of its refusal.
Parameters:
    in_gain: what the balance of the account is about to gain
Transaction: joins'
BEGIN
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

    INSERT INTO transactions (
        account_id,
        transaction_time,
        transaction_amount,
        currency,
        transaction_type,
        status,
        response_code,
        counterparty_account_id,
        balance_after,
        requested_at,
        responded_at,
        idempotency_key
    )
    SELECT
        in_account_id,
        v_now,
        in_amount,
        in_currency,
        in_transaction_type,
        in_status,
        CASE in_refusal_reason
            WHEN 'insufficient_funds' THEN '51'
            WHEN 'payment_limit' THEN '61'
            WHEN 'currency_mismatch' THEN '12'
            WHEN 'account_not_active' THEN '62'
            WHEN 'counterparty_not_active' THEN '62'
            ELSE '00'
        END,
        in_counterparty_account_id,
        a.balance + in_gain,
        v_now,
        UTC_TIMESTAMP(3),
        in_idempotency_key
    FROM accounts AS a
    WHERE a.account_id = in_account_id;
    SET out_transaction_id = LAST_INSERT_ID();
END$$

DELIMITER ;
