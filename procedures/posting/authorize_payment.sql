DELIMITER $$

CREATE OR REPLACE PROCEDURE authorize_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(17) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_valid_seconds INT,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Approves a payment and holds its amount, to be taken by capture_payment within
in_valid_seconds (NULL: as long as payment_states lets a payment be authorized). Other arguments as
in post_payment; the money must leave the account.
Results: the payment, authorized or denied, and why it was denied. The same key and request again
    give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account, 30402 the key was used for another request, 30406 the amount is finer than the
    currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL authorize_payment(''order-17'', 1, NULL, 80, ''EUR'', ''card_payment'', ''CARD'',
    NULL, @id, @status, @reason)'
BEGIN
    -- with complete = v_is_complete
    -- with found = out_transaction_id
    -- with account = in_account_id
    -- with other = in_counterparty_account_id
    -- with currency = in_currency
    -- with type = in_transaction_type
    -- with payment = out_transaction_id
    -- with reason = out_refusal_reason
    -- with outgoing = v_is_outgoing
    -- with amount = v_amount
    -- with base = IF(v_is_base, v_amount, NULL)
    -- with balance = v_balance + v_gain
    -- with status = out_status
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
    DECLARE v_is_complete TINYINT DEFAULT
        in_account_id IS NOT NULL AND in_currency IS NOT NULL AND in_amount IS NOT NULL
        AND COALESCE(in_valid_seconds, 1) > 0;

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
        AND v_is_complete
        AND (in_amount IS NULL
            OR (v_amount > 0
                AND CHAR_LENGTH(in_amount) <= 30
                AND CAST(in_amount AS DECIMAL(65,30)) = v_amount))
    ) IS NOT TRUE THEN
        CALL check_payment_request(
            in_idempotency_key,
            v_is_complete,
            in_amount, FALSE, v_amount);
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
    IF v_is_outgoing = 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'authorize_payment: only money that leaves an account can be held';
    END IF;
    IF in_rail IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rails AS r WHERE r.rail = in_rail) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'authorize_payment: the rail is unknown';
    END IF;

    SET v_request = CONCAT_WS(
        '|', in_account_id, COALESCE(in_counterparty_account_id, '-'), v_amount, in_currency,
        in_transaction_type, COALESCE(in_rail, '-'), COALESCE(in_valid_seconds, '-'));

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            DECLARE v_errno INT;
            DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
            DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('authorize_payment', v_errno, v_state, v_message);
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
            UNHEX(SHA2(CONCAT('authorize_payment|', v_request), 256)),
            'authorize_payment',
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
                    in_idempotency_key, 'authorize_payment', v_request, v_first_request_id,
                    v_is_new, out_transaction_id, out_status, out_refusal_reason);
                IF v_is_new THEN
                    SET v_request_id = v_first_request_id;
                END IF;
            END;
        END IF;
        -- end
        IF v_request_id IS NOT NULL THEN
            -- text account_locks
            -- By the order of their ids, so that no two payments wait for each other: each table
            -- has one row by its key, and the server locks them in the order written here.
            SELECT
                IF(a.account_id = in_account_id, a.account_status, b.account_status),
                IF(a.account_id = in_account_id, a.currency, b.currency),
                IF(a.account_id = in_account_id, a.balance, b.balance),
                IF(
                    a.account_id = in_account_id,
                    a.balance + COALESCE(k.overdraft_limit, 0),
                    b.balance + COALESCE(l.overdraft_limit, 0)),
                IF(a.account_id = in_account_id, k.payment_limit, l.payment_limit),
                IF(a.account_id = in_account_id, b.account_status, a.account_status),
                IF(a.account_id = in_account_id, b.currency, a.currency),
                k.account_id IS NOT NULL
                    AND (in_counterparty_account_id IS NULL OR l.account_id IS NOT NULL)
            INTO v_status, v_currency, v_balance, v_available, v_limit, v_other_status,
                v_other_currency, v_has_ledgers
            FROM accounts AS a
            LEFT JOIN account_ledgers AS k ON k.account_id = a.account_id
            LEFT JOIN accounts AS b
                ON b.account_id = GREATEST(in_account_id, in_counterparty_account_id)
            LEFT JOIN account_ledgers AS l ON l.account_id = b.account_id
            WHERE a.account_id
                = LEAST(in_account_id, COALESCE(in_counterparty_account_id, in_account_id))
            FOR UPDATE;
            -- A first posting, or an account that does not exist.
            IF v_has_ledgers IS NOT TRUE THEN
                CALL lock_payment_accounts(in_account_id, in_counterparty_account_id);
            END IF;
            -- end
            -- text payment_refusal
            -- Read after the accounts were locked, so that a hold that was just made is there.
            SELECT CASE
                WHEN v_status <> 'active' AND NOT (v_is_outgoing = 0 AND v_status = 'dormant')
                    THEN 'account_not_active'
                WHEN v_currency <> in_currency THEN 'currency_mismatch'
                WHEN v_other_status NOT IN ('active', 'dormant') THEN 'counterparty_not_active'
                WHEN v_other_currency <> in_currency THEN 'currency_mismatch'
                WHEN v_is_outgoing = 1 AND v_amount > v_available - COALESCE(SUM(h.held_amount), 0)
                    THEN 'insufficient_funds'
                WHEN v_is_outgoing = 1 AND v_amount > v_limit THEN 'payment_limit'
            END
            INTO out_refusal_reason
            FROM payment_holds AS h
            WHERE h.account_id = in_account_id
                AND h.ended_at IS NULL;
            -- end
            SET out_status = IF(out_refusal_reason IS NULL, 'authorized', 'denied');
            SET v_gain = 0;
            -- text payment_row
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
                in_account_id,
                UTC_TIMESTAMP(3),
                v_amount,
                in_currency,
                IF(v_is_base, v_amount, NULL),
                in_transaction_type,
                out_status,
                CASE
                    WHEN out_refusal_reason IS NULL THEN '00'
                    WHEN out_refusal_reason = 'insufficient_funds' THEN '51'
                    WHEN out_refusal_reason = 'payment_limit' THEN '61'
                    WHEN out_refusal_reason = 'currency_mismatch' THEN '12'
                    ELSE '62'
                END,
                in_counterparty_account_id,
                v_balance + v_gain,
                UTC_TIMESTAMP(3),
                UTC_TIMESTAMP(3),
                in_idempotency_key
            );
            SET out_transaction_id = LAST_INSERT_ID();
            -- end
            IF out_refusal_reason IS NULL THEN
                INSERT INTO payment_holds (
                    transaction_id,
                    account_id,
                    rail,
                    held_amount,
                    authorized_at,
                    expires_at
                )
                SELECT
                    out_transaction_id,
                    in_account_id,
                    in_rail,
                    v_amount,
                    UTC_TIMESTAMP(3),
                    UTC_TIMESTAMP()
                        + INTERVAL COALESCE(in_valid_seconds, p.maximum_age_seconds) SECOND
                FROM payment_states AS p
                WHERE p.state = 'authorized';
            END IF;
            -- text request_end
            UPDATE payment_requests
            SET
                transaction_id = out_transaction_id,
                payment_status = out_status,
                refusal_reason = out_refusal_reason
            WHERE request_id = v_request_id;
            -- end
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
