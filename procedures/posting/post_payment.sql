DELIMITER $$

CREATE OR REPLACE PROCEDURE post_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(17) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Carries out a payment: to the account in_counterparty_account_id of this bank, or over
in_rail; one of them is NULL.
Results: the payment, completed or denied, and why it was denied. The same key and request again
    give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account, 30402 the key was used for another request, 30406 the amount is finer than the
    currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL post_payment(''order-17'', 1, 2, 10.50, ''EUR'', ''transfer'', NULL, @id, @status,
    @reason)'
BEGIN
    -- text request_variables
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
    DECLARE v_person VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_found_transaction_id BIGINT;
    DECLARE v_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_exact_amount DECIMAL(65,30);
    DECLARE v_amount DECIMAL(19,4);
    DECLARE v_now DATETIME(3);
    -- end
    -- text account_variables
    DECLARE v_low_id BIGINT;
    DECLARE v_high_id BIGINT;
    DECLARE v_is_low TINYINT;
    DECLARE v_has_ledgers TINYINT;
    DECLARE v_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_balance DECIMAL(19,4);
    DECLARE v_overdraft_limit DECIMAL(19,4);
    DECLARE v_available DECIMAL(19,4);
    DECLARE v_limit DECIMAL(19,4);
    DECLARE v_other_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_other_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_is_base TINYINT;
    DECLARE v_minor_unit TINYINT;
    DECLARE v_gain DECIMAL(19,4);
    -- end
    DECLARE v_is_complete TINYINT DEFAULT
        in_account_id IS NOT NULL AND in_currency IS NOT NULL AND in_amount IS NOT NULL;
    DECLARE v_account_id BIGINT DEFAULT in_account_id;
    DECLARE v_counterparty_account_id BIGINT DEFAULT in_counterparty_account_id;
    DECLARE v_transaction_type VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT in_transaction_type;
    DECLARE v_payment_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT in_currency;
    DECLARE v_rail VARCHAR(17) CHARACTER SET ascii COLLATE ascii_bin DEFAULT in_rail;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_internal_account VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT CONCAT('clearing:', in_rail);

    SET out_transaction_id = NULL;
    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    -- text request_checks
    -- What an ordinary request passes, in one condition; what is wrong with another one, only
    -- check_payment_request says.
    BEGIN
        DECLARE EXIT HANDLER FOR 1264, 1265, 1292, 1366
            SET v_amount = NULL;
        SET v_exact_amount = in_amount;
        SET v_amount = TRUNCATE(v_exact_amount, 4);
    END;
    IF (
        NOT @@in_transaction
        AND @@insert_id = 0
        AND @@foreign_key_checks AND @@unique_checks AND @@check_constraint_checks
        AND NOT @@sql_auto_is_null
        AND @@completion_type = 'NO_CHAIN'
        -- server_clock(), written out.
        AND ABS(TIMESTAMPDIFF(
            SECOND,
            UTC_TIMESTAMP(),
            TIMESTAMP'1582-10-15 00:00:00' + INTERVAL CONV(
                CONCAT(SUBSTR(v_uuid, 16, 3), SUBSTR(v_uuid, 10, 4), LEFT(v_uuid, 8)), 16, 10)
                DIV 10000000 SECOND)) <= 5
        AND LENGTH(in_idempotency_key) BETWEEN 1 AND 64
        AND in_idempotency_key = CONVERT(CONVERT(in_idempotency_key USING latin1) USING ascii)
        AND LEFT(in_idempotency_key, 7) <> 'payops:'
        AND v_is_complete
        AND (in_amount IS NULL
            OR (CHAR_LENGTH(in_amount) <= 30 AND v_amount = v_exact_amount AND v_amount > 0))
    ) IS NOT TRUE THEN
        CALL check_payment_request(in_idempotency_key, v_is_complete, in_amount, FALSE, v_amount);
    END IF;
    -- end
    -- text party_checks
    SELECT
        t.is_outgoing,
        c.minor_unit,
        c.is_base
    INTO v_is_outgoing, v_minor_unit, v_is_base
    FROM transaction_types AS t
    INNER JOIN currencies AS c ON c.currency = in_currency
    WHERE t.transaction_type = in_transaction_type;
    -- As above: only check_payment_parties says what is wrong.
    IF (
        (in_counterparty_account_id IS NULL) <> (in_rail IS NULL)
        AND COALESCE(CHAR_LENGTH(in_rail), 0) <= 16
        AND NOT (in_counterparty_account_id <=> in_account_id)
        AND in_transaction_type <> 'refund'
        AND (v_is_outgoing = 1 OR in_counterparty_account_id IS NULL)
        AND v_amount = TRUNCATE(v_amount, v_minor_unit)
    ) IS NOT TRUE THEN
        CALL check_payment_parties(
            in_account_id, in_counterparty_account_id, v_amount, in_currency, in_transaction_type,
            in_rail, v_is_outgoing);
    END IF;
    -- end
    SET v_request = CONCAT_WS(
        '|', in_account_id, COALESCE(in_counterparty_account_id, '-'), v_amount, in_currency,
        in_transaction_type, COALESCE(in_rail, '-'));

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('post_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- text request_begin
        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        -- acting_person(), which needs to look only where somebody acts for others.
        IF @payops_person IS NULL THEN
            SET v_person = SESSION_USER();
        ELSE
            SET v_person = acting_person();
        END IF;
        INSERT IGNORE INTO payment_requests (
            idempotency_key,
            request_hash,
            operation,
            requested_by,
            requested_at
        ) VALUES (
            in_idempotency_key,
            UNHEX(SHA2(CONCAT('post_payment|', v_request), 256)),
            'post_payment',
            v_person,
            UTC_TIMESTAMP(3)
        );
        SET v_is_new = (ROW_COUNT() = 1);
        IF v_is_new THEN
            SET v_request_id = LAST_INSERT_ID();
        ELSE
            CALL begin_payment_request(
                in_idempotency_key, 'post_payment', v_request, v_request_id, v_is_new,
                v_found_transaction_id, out_status, v_refusal_reason);
        END IF;
        -- end
        IF v_is_new THEN
            -- text account_locks
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
            -- end
            -- text available_amount
            -- Read after the accounts were locked, so that a hold that was just made is there.
            SELECT v_balance + COALESCE(v_overdraft_limit, 0) - COALESCE(SUM(h.held_amount), 0)
            INTO v_available
            FROM payment_holds AS h
            WHERE h.account_id = v_account_id
                AND h.ended_at IS NULL;
            -- end
            -- text payment_refusal
            SET v_refusal_reason = CASE
                WHEN v_status <> 'active' AND NOT (v_is_outgoing = 0 AND v_status = 'dormant')
                    THEN 'account_not_active'
                WHEN v_currency <> v_payment_currency THEN 'currency_mismatch'
                WHEN v_other_status NOT IN ('active', 'dormant') THEN 'counterparty_not_active'
                WHEN v_other_currency <> v_payment_currency THEN 'currency_mismatch'
                WHEN v_is_outgoing = 1 AND v_amount > v_available THEN 'insufficient_funds'
                WHEN v_is_outgoing = 1 AND v_amount > v_limit THEN 'payment_limit'
            END;
            -- end
            SET out_status = IF(v_refusal_reason IS NULL, 'completed', 'denied');
            SET v_gain = CASE
                WHEN v_refusal_reason IS NOT NULL THEN 0
                WHEN v_is_outgoing = 1 THEN -v_amount
                ELSE v_amount
            END;
            -- text payment_row
            SET v_now = UTC_TIMESTAMP(3);
            -- For an amount in another currency than the base the trigger looks up the rate.
            INSERT INTO transactions (
                account_id,
                transaction_time,
                transaction_amount,
                currency,
                base_amount,
                transaction_type,
                status,
                response_code,
                counterparty_account_id,
                balance_after,
                requested_at,
                responded_at,
                idempotency_key
            ) VALUES (
                v_account_id,
                v_now,
                v_amount,
                v_payment_currency,
                IF(v_is_base, v_amount, NULL),
                v_transaction_type,
                out_status,
                CASE
                    WHEN v_refusal_reason IS NULL THEN '00'
                    WHEN v_refusal_reason = 'insufficient_funds' THEN '51'
                    WHEN v_refusal_reason = 'payment_limit' THEN '61'
                    WHEN v_refusal_reason = 'currency_mismatch' THEN '12'
                    ELSE '62'
                END,
                v_counterparty_account_id,
                v_balance + v_gain,
                v_now,
                UTC_TIMESTAMP(3),
                in_idempotency_key
            );
            -- end
            SET v_transaction_id = LAST_INSERT_ID();
            IF v_refusal_reason IS NULL THEN
                -- text money
                INSERT INTO ledger_entries (
                    request_id,
                    account_id,
                    internal_account,
                    currency,
                    entry_amount
                ) VALUES
                    (v_request_id, v_account_id, NULL, v_payment_currency, v_gain),
                    (
                        v_request_id, v_counterparty_account_id, v_internal_account,
                        v_payment_currency, -v_gain
                    );
                UPDATE accounts AS a
                SET a.balance = a.balance + IF(a.account_id = v_account_id, v_gain, -v_gain)
                WHERE a.account_id IN (v_account_id, v_counterparty_account_id);
                -- end
                -- text settlement
                -- What stays in the bank needs no settlement.
                IF v_rail IS NOT NULL THEN
                    INSERT INTO settlements (
                        transaction_id,
                        rail,
                        settlement_amount,
                        currency,
                        base_amount,
                        accepted_at
                    ) VALUES (
                        v_transaction_id,
                        v_rail,
                        v_amount,
                        v_payment_currency,
                        IF(v_is_base, v_amount, NULL),
                        UTC_TIMESTAMP()
                    );
                END IF;
                -- end
            END IF;
            -- text request_end
            UPDATE payment_requests
            SET
                transaction_id = v_transaction_id,
                payment_status = out_status,
                refusal_reason = v_refusal_reason
            WHERE request_id = v_request_id;
            -- end
        ELSE
            SET v_transaction_id = v_found_transaction_id;
        END IF;
        COMMIT;
    END;
    SET out_transaction_id = v_transaction_id;
    SET out_refusal_reason = v_refusal_reason;
END$$

DELIMITER ;
