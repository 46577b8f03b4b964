DELIMITER $$

CREATE OR REPLACE PROCEDURE post_payment(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount DECIMAL(19,4),
    IN in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Carries out a payment: to the account in_counterparty_account_id of this bank, or over in_rail; one of them is NULL. Results: the payment, completed or denied, and why it was denied. The same key and request again give the first answer. Errors: 30001 open transaction, 30002 argument, 30401 no such account, 30402 the key was used for another request. After a lost connection call it again with the same key. Transaction: owns. Example: CALL post_payment(''order-17'', 1, 2, 10.50, ''EUR'', ''transfer'', NULL, @id, @status, @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512);
    DECLARE v_hash BINARY(32);
    DECLARE v_found_hash BINARY(32);
    DECLARE v_request_id BIGINT;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_gain DECIMAL(19,4);
    DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);

    SET out_transaction_id = NULL;
    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    SELECT t.is_outgoing
    INTO v_is_outgoing
    FROM transaction_types AS t
    WHERE t.transaction_type = in_transaction_type;

    IF COALESCE(in_idempotency_key, '') = '' OR in_account_id IS NULL OR in_currency IS NULL
        OR in_amount IS NULL OR in_amount <= 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'post_payment: key, account, currency or amount is missing or not positive';
    END IF;
    IF (in_counterparty_account_id IS NULL) = (in_rail IS NULL)
        OR in_counterparty_account_id = in_account_id THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'post_payment: name either another account or a rail';
    END IF;
    IF v_is_outgoing IS NULL OR (v_is_outgoing = 0 AND in_counterparty_account_id IS NOT NULL) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'post_payment: the type of payment is unknown, or incoming between accounts';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'post_payment: called inside an open transaction';
    END IF;

    SET v_hash = UNHEX(SHA2(CONCAT_WS(
        '|', 'post_payment', in_account_id, COALESCE(in_counterparty_account_id, '-'), in_amount,
        in_currency, in_transaction_type, COALESCE(in_rail, '-')), 256));

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            GET DIAGNOSTICS CONDITION 1
                v_errno = MYSQL_ERRNO, v_state = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT;
            ROLLBACK;
            SET out_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('post_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        -- Waits for a call with the same key that is under way.
        INSERT IGNORE INTO payment_requests (
            idempotency_key,
            request_hash,
            operation,
            requested_by,
            requested_at
        ) VALUES (
            in_idempotency_key,
            v_hash,
            'post_payment',
            USER(),
            v_now
        );

        IF ROW_COUNT() = 0 THEN
            -- A plain read: two that lock a duplicate key wait for each other.
            SELECT
                r.request_hash,
                r.transaction_id,
                r.payment_status,
                r.refusal_reason
            INTO v_found_hash, out_transaction_id, out_status, out_refusal_reason
            FROM payment_requests AS r
            WHERE r.idempotency_key = in_idempotency_key;
            IF NOT (v_found_hash <=> v_hash) THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30402,
                    MESSAGE_TEXT = 'post_payment: the key was used for another request';
            END IF;
        ELSE
            SET v_request_id = LAST_INSERT_ID();
            CALL lock_payment_accounts(in_account_id, in_counterparty_account_id);
            SET out_refusal_reason = payment_refusal(
                in_account_id, in_counterparty_account_id, in_amount, in_currency, v_is_outgoing);
            SET out_status = IF(out_refusal_reason IS NULL, 'completed', 'denied');
            SET v_gain = IF(v_is_outgoing = 1, -in_amount, in_amount);

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
                out_status,
                CASE out_refusal_reason
                    WHEN 'insufficient_funds' THEN '51'
                    WHEN 'payment_limit' THEN '61'
                    WHEN 'currency_mismatch' THEN '12'
                    WHEN 'account_not_active' THEN '62'
                    WHEN 'counterparty_not_active' THEN '62'
                    ELSE '00'
                END,
                in_counterparty_account_id,
                a.balance + IF(out_refusal_reason IS NULL, v_gain, 0),
                v_now,
                UTC_TIMESTAMP(3),
                in_idempotency_key
            FROM accounts AS a
            WHERE a.account_id = in_account_id;
            SET out_transaction_id = LAST_INSERT_ID();

            IF out_refusal_reason IS NULL THEN
                INSERT INTO ledger_entries (
                    request_id,
                    account_id,
                    internal_account,
                    currency,
                    entry_amount
                ) VALUES
                    (v_request_id, in_account_id, NULL, in_currency, v_gain),
                    (
                        v_request_id, in_counterparty_account_id, CONCAT('clearing:', in_rail),
                        in_currency, -v_gain
                    );
                UPDATE accounts AS a
                SET a.balance = a.balance + IF(a.account_id = in_account_id, v_gain, -v_gain)
                WHERE a.account_id IN (in_account_id, in_counterparty_account_id);
                -- What stays in the bank needs no settlement.
                IF in_rail IS NOT NULL THEN
                    INSERT INTO settlements (
                        transaction_id,
                        rail,
                        settlement_amount,
                        currency,
                        accepted_at
                    ) VALUES (
                        out_transaction_id,
                        in_rail,
                        in_amount,
                        in_currency,
                        v_now
                    );
                END IF;
            END IF;

            UPDATE payment_requests
            SET
                transaction_id = out_transaction_id,
                payment_status = out_status,
                refusal_reason = out_refusal_reason
            WHERE request_id = v_request_id;
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
