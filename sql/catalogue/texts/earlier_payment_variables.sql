DECLARE v_is_complete TINYINT DEFAULT in_transaction_id IS NOT NULL;
DECLARE v_account_id BIGINT;
DECLARE v_counterparty_account_id BIGINT;
DECLARE v_payment_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
DECLARE v_payment_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
DECLARE v_paid_amount DECIMAL(19,4);
DECLARE v_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
DECLARE v_internal_account VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin;
