DELIMITER $$

CREATE OR REPLACE PROCEDURE refund_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_transaction_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refund_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Pays back in_amount of a completed payment, or all that was not paid back when it is NULL,
as a payment of its own (type refund). A payment that was paid back whole becomes refunded.
Results: the refund, its state, completed or NULL, and why it was refused (not_completed,
    not_posted, not_refundable, amount_above_payment, account_not_active, counterparty_not_active,
    insufficient_funds). The same key and request again give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30402 the key was
    used for another request, 30403 no such payment, 30405 archived, 30404 state, 30406 the amount
    is finer than the currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL refund_payment(''return-17'', 4711, 5, @id, @status, @reason)'
BEGIN
    -- with complete = (in_transaction_id IS NOT NULL)
    -- with found = out_refund_transaction_id
    -- with account = v_account_id
    -- with other = v_counterparty_account_id
    -- with currency = v_payment_currency
    -- with internal = v_internal_account
    -- text request_variables
    -- Several in one DECLARE: each statement of a routine costs 1 to 2 us, SET and DECLARE as well.
    DECLARE v_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
    DECLARE v_person, v_request VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_amount, v_balance, v_available, v_limit, v_gain DECIMAL(19,4);
    DECLARE v_is_outgoing, v_is_base, v_minor_unit, v_has_ledgers TINYINT;
    DECLARE v_status, v_other_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_currency, v_other_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    -- end
    -- text earlier_payment_variables
    DECLARE v_account_id, v_counterparty_account_id, v_found_transaction_id BIGINT;
    DECLARE v_payment_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_payment_state, v_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_internal_account VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_paid_amount DECIMAL(19,4);
    -- end
    DECLARE v_left_amount, v_posted_amount DECIMAL(19,4);

    -- text request_checks
    -- What an ordinary request passes, in one condition; what is wrong with another one, only
    -- check_payment_request says.
    BEGIN
        DECLARE EXIT HANDLER FOR 1264, 1265, 1292, 1366
            SET v_amount = NULL;
        SET v_amount = in_amount;
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
        AND (in_transaction_id IS NOT NULL)
        AND (in_amount IS NULL
            OR (v_amount > 0
                AND CHAR_LENGTH(in_amount) <= 30
                AND CAST(in_amount AS DECIMAL(65,30)) = v_amount))
    ) IS NOT TRUE THEN
        CALL check_payment_request(
            in_idempotency_key,
            (in_transaction_id IS NOT NULL),
            in_amount, FALSE, v_amount);
    END IF;
    -- end
    SET v_request = CONCAT_WS('|', in_transaction_id, COALESCE(v_amount, '-'));

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            DECLARE v_errno INT;
            DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
            DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_refund_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('refund_payment', v_errno, v_state, v_message);
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
            UNHEX(SHA2(CONCAT('refund_payment|', v_request), 256)),
            'refund_payment',
            v_person,
            UTC_TIMESTAMP(3)
        );
        IF ROW_COUNT() = 1 THEN
            SET v_request_id = LAST_INSERT_ID();
        ELSE
            -- A repetition, or another request under the key.
            BEGIN
                DECLARE v_first_request_id BIGINT;
                DECLARE v_is_new TINYINT;
                CALL begin_payment_request(
                    in_idempotency_key, 'refund_payment', v_request, v_first_request_id,
                    v_is_new, out_refund_transaction_id, out_status, out_refusal_reason);
                IF v_is_new THEN
                    SET v_request_id = v_first_request_id;
                END IF;
            END;
        END IF;
        -- end
        IF v_request_id IS NOT NULL THEN
            -- text payment_parties
            -- Who pays whom never changes, so it may be read before anything is locked.
            SELECT
                t.account_id,
                t.counterparty_account_id,
                t.currency,
                y.is_outgoing,
                c.minor_unit,
                c.is_base
            INTO v_account_id, v_counterparty_account_id, v_payment_currency, v_is_outgoing,
                v_minor_unit, v_is_base
            FROM transactions AS t
            LEFT JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
            LEFT JOIN currencies AS c ON c.currency = t.currency
            WHERE t.transaction_id = in_transaction_id;
            -- A payment that is not here, which only lock_payment says more about.
            IF v_account_id IS NULL THEN
                CALL lock_payment(
                    in_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
                    v_payment_currency, v_is_outgoing, v_payment_state);
            END IF;
            -- end
            -- text account_locks
            -- By the order of their ids, so that no two payments wait for each other: each table
            -- has one row by its key, and the server locks them in the order written here.
            SELECT
                IF(a.account_id = v_account_id, a.account_status, b.account_status),
                IF(a.account_id = v_account_id, a.currency, b.currency),
                IF(a.account_id = v_account_id, a.balance, b.balance),
                IF(
                    a.account_id = v_account_id,
                    a.balance + COALESCE(k.overdraft_limit, 0),
                    b.balance + COALESCE(l.overdraft_limit, 0)),
                IF(a.account_id = v_account_id, k.payment_limit, l.payment_limit),
                IF(a.account_id = v_account_id, b.account_status, a.account_status),
                IF(a.account_id = v_account_id, b.currency, a.currency),
                k.account_id IS NOT NULL
                    AND (v_counterparty_account_id IS NULL OR l.account_id IS NOT NULL)
            INTO v_status, v_currency, v_balance, v_available, v_limit, v_other_status,
                v_other_currency, v_has_ledgers
            FROM accounts AS a
            LEFT JOIN account_ledgers AS k ON k.account_id = a.account_id
            LEFT JOIN accounts AS b
                ON b.account_id = GREATEST(v_account_id, v_counterparty_account_id)
            LEFT JOIN account_ledgers AS l ON l.account_id = b.account_id
            WHERE a.account_id
                = LEAST(v_account_id, COALESCE(v_counterparty_account_id, v_account_id))
            FOR UPDATE;
            -- A first posting, or an account that does not exist.
            IF v_has_ledgers IS NOT TRUE THEN
                CALL lock_payment_accounts(v_account_id, v_counterparty_account_id);
            END IF;
            -- end
            SELECT
                t.status,
                t.transaction_amount
            INTO v_payment_state, v_paid_amount
            FROM transactions AS t
            WHERE t.transaction_id = in_transaction_id
            FOR UPDATE;
            -- text minor_unit
            IF v_minor_unit IS NULL OR v_amount <> TRUNCATE(v_amount, v_minor_unit) THEN
                CALL check_minor_unit(v_amount, v_payment_currency);
            END IF;
            -- end
            SELECT
                MAX(IF(e.account_id = v_account_id, -e.entry_amount, NULL)),
                MAX(e.internal_account)
            INTO v_posted_amount, v_internal_account
            FROM payment_requests AS r
            INNER JOIN ledger_entries AS e ON e.request_id = r.request_id
            WHERE r.transaction_id = in_transaction_id;
            SELECT v_paid_amount - COALESCE(SUM(f.refund_amount), 0)
            INTO v_left_amount
            FROM payment_refunds AS f
            WHERE f.transaction_id = in_transaction_id;
            SET v_amount = COALESCE(v_amount, v_left_amount);
            SET out_refusal_reason = CASE
                WHEN v_payment_state <> 'completed' THEN 'not_completed'
                WHEN v_posted_amount IS NULL THEN 'not_posted'
                WHEN v_is_outgoing = 0 THEN 'not_refundable'
                WHEN v_amount > v_left_amount THEN 'amount_above_payment'
            END;
            IF out_refusal_reason IS NULL THEN
                SET out_refusal_reason = return_refusal(
                    v_account_id, v_counterparty_account_id, v_amount, v_payment_currency);
            END IF;
            IF out_refusal_reason IS NULL THEN
                SET out_status = 'completed';
                SET v_gain = v_amount;
                SET v_rail = SUBSTRING_INDEX(v_internal_account, ':', -1);
                CALL insert_payment(
                    in_idempotency_key, v_account_id, v_counterparty_account_id, v_amount,
                    v_payment_currency, 'refund', out_status, NULL, v_gain,
                    out_refund_transaction_id);
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
                CALL accept_for_settlement(
                    out_refund_transaction_id, v_rail, v_amount, v_payment_currency);
                INSERT INTO payment_refunds (refund_transaction_id, transaction_id, refund_amount)
                VALUES (out_refund_transaction_id, in_transaction_id, v_amount);
                IF v_amount = v_left_amount THEN
                    CALL change_payment_state(in_transaction_id, 'completed', 'refunded');
                    CALL note_payment_state(
                        CONCAT('payops:refunded:', in_transaction_id), 'mark_refunded',
                        in_transaction_id, 'refunded');
                END IF;
            ELSE
                SET out_status = v_payment_state;
            END IF;
            -- What was refused is kept with the payment that it was about.
            -- text request_end: payment = COALESCE(out_refund_transaction_id, in_transaction_id)
            UPDATE payment_requests
            SET
                transaction_id = COALESCE(out_refund_transaction_id, in_transaction_id),
                payment_status = out_status,
                refusal_reason = out_refusal_reason
            WHERE request_id = v_request_id;
            -- end
        END IF;
        IF out_refusal_reason IS NOT NULL THEN
            SET out_refund_transaction_id = NULL;
            SET out_status = NULL;
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
