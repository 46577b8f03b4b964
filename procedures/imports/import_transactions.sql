DELIMITER $$
CREATE OR REPLACE PROCEDURE import_transactions(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_has_own_ids TINYINT,
    IN in_uses_minor_units TINYINT,
    IN in_separates_repeats TINYINT,
    IN in_new_account_currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_new_account_country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged payments by natural key: new keys are loaded, changed ones updated, equal
ones are duplicates; unknown currencies, types, statuses and accounts, impossible times and a
second, different record of one key in a file are quarantined. A NULL in the file changes nothing.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
    in_has_own_ids: 1 when the file gives transaction_id, 0 when external_references holds the keys
    in_uses_minor_units: 1 when amounts are in the smallest coin
    in_separates_repeats: 1 when equal records of a file are separate payments
    in_new_account_currency, in_new_account_country: for accounts made for unknown references, NULL
        to refuse these
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802, 30803 from finish_import_batch.
Transaction: joins.
Example: CALL import_transactions(1, 1, 50000, ''cards'', 0, 1, 0, ''EUR'', ''ZZ'');'
BEGIN
    DECLARE v_types TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT (
        SELECT GROUP_CONCAT(y.transaction_type ORDER BY y.transaction_type SEPARATOR ', ')
        FROM transaction_types AS y
    );
    DECLARE v_statuses TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT (
        SELECT GROUP_CONCAT(m.source_status ORDER BY m.source_status SEPARATOR ', ')
        FROM import_states AS m
    );
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_transactions: no transaction is open';
    END IF;

    -- What each record says for itself.
    UPDATE import_staged_transactions AS s
    LEFT JOIN currencies AS c ON c.currency = s.currency
    LEFT JOIN transaction_types AS y ON y.transaction_type = s.transaction_type
    LEFT JOIN import_states AS m ON m.source_status = s.status
    SET s.column_name = CASE
            WHEN c.currency IS NULL THEN 'currency'
            WHEN y.transaction_type IS NULL THEN 'transaction_type'
            WHEN m.state IS NULL THEN 'status'
            WHEN s.transaction_amount < 0 THEN 'transaction_amount'
            WHEN s.responded_at < s.requested_at THEN 'responded_at'
            WHEN s.transaction_time NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'transaction_time'
            WHEN s.base_amount >= 100000000000000 THEN 'base_amount'
        END,
        s.reason = CASE
            WHEN c.currency IS NULL THEN 'the currency is not in currencies'
            WHEN y.transaction_type IS NULL THEN
                LEFT(CONCAT('the type is not one of ', v_types), 255)
            WHEN m.state IS NULL THEN LEFT(CONCAT('the status is not one of ', v_statuses), 255)
            WHEN s.transaction_amount < 0 THEN 'the amount is negative'
            WHEN s.responded_at < s.requested_at THEN 'the answer is before the request'
            WHEN s.transaction_time NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'the time is not from 1990 to 2099'
            WHEN s.base_amount >= 100000000000000
                THEN 'the amount in the base currency is not below 10^14'
        END,
        s.state = m.state,
        s.source_status = COALESCE(s.source_status, NULLIF(s.status, m.state)),
        s.transaction_amount = IF(
            in_uses_minor_units = 1,
            s.transaction_amount
                / CASE c.minor_unit WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 WHEN 3 THEN 1000
                    ELSE 10000 END,
            s.transaction_amount
        )
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;

    -- The place of each record among those with its key.
    IF in_separates_repeats = 1 THEN
        DELETE FROM import_turns;
        INSERT INTO import_turns (record_number, turn)
        SELECT
            x.record_number,
            ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
        FROM import_staged_transactions AS x
        WHERE x.record_number BETWEEN in_first_record AND in_last_record
            AND x.reason IS NULL;
        UPDATE import_staged_transactions AS s
        INNER JOIN import_turns AS n ON n.record_number = s.record_number
        LEFT JOIN import_keys AS k ON k.external_id = s.external_id
        SET s.is_same = 0,
            s.outcome = 'first',
            s.occurrence = n.turn + COALESCE(k.occurrence_count, 0);
        INSERT INTO import_keys (external_id, occurrence_count)
        SELECT
            s.external_id,
            COUNT(*)
        FROM import_staged_transactions AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'first'
        GROUP BY s.external_id
        ON DUPLICATE KEY UPDATE occurrence_count = occurrence_count + VALUES(occurrence_count);
        UPDATE import_staged_transactions AS s
        SET s.external_id = CONCAT(s.external_id, '#', s.occurrence)
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.occurrence > 1;
    ELSE
        DELETE FROM import_turns;
        INSERT INTO import_turns (record_number, turn)
        SELECT
            x.record_number,
            ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
        FROM import_staged_transactions AS x
        WHERE x.record_number BETWEEN in_first_record AND in_last_record
            AND x.reason IS NULL;
        UPDATE import_staged_transactions AS s
        INNER JOIN import_turns AS n ON n.record_number = s.record_number
        LEFT JOIN import_keys AS k ON k.external_id = s.external_id
        SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');
    END IF;

    -- Long keys that an earlier version kept under another stand-in get their present one.
    UPDATE external_references AS r
    INNER JOIN import_staged_transactions AS s
        ON r.source_name = in_source_name
        AND r.entity = 'transaction'
        AND r.external_id = CONCAT(s.former_id, IF(s.occurrence > 1, CONCAT('#', s.occurrence), ''))
    SET r.external_id = s.external_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.former_id IS NOT NULL;

    -- Accounts: by the names of the source, made when that is wanted, or by their own ids.
    IF in_new_account_currency IS NOT NULL THEN
        CALL create_accounts_for_payments(
            in_first_record, in_last_record, in_source_name, in_new_account_currency,
            in_new_account_country);
    END IF;
    UPDATE import_staged_transactions AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = s.account_reference
    SET s.account_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    UPDATE import_staged_transactions AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = s.counterparty_reference
    SET s.counterparty_account_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    UPDATE import_staged_transactions AS s
    LEFT JOIN accounts AS a ON a.account_id = s.account_id
    LEFT JOIN accounts AS o ON o.account_id = s.counterparty_account_id
    SET s.column_name = CASE
            WHEN a.account_id IS NOT NULL THEN
                IF(s.counterparty_reference IS NULL, 'counterparty_account_id',
                    'counterparty_reference')
            ELSE IF(s.account_reference IS NULL, 'account_id', 'account_reference')
        END,
        s.reason = IF(a.account_id IS NULL, 'the account is not known',
            'the account of the other party is not known')
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL
        AND (
            a.account_id IS NULL
            OR (o.account_id IS NULL
                AND COALESCE(s.counterparty_reference, s.counterparty_account_id) IS NOT NULL)
        );

    -- Which payments are there already, and whether they say the same.
    IF in_has_own_ids = 0 THEN
        UPDATE import_staged_transactions AS s
        INNER JOIN external_references AS r
            ON r.source_name = in_source_name
            AND r.entity = 'transaction'
            AND r.external_id = s.external_id
        SET s.transaction_id = r.internal_id
        WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    END IF;
    CALL compare_staged_transactions(in_first_record, in_last_record);
    -- What is in the archive cannot change any more.
    IF EXISTS (SELECT 1 FROM archive_months AS m WHERE m.payment_count > 0) THEN
        UPDATE import_staged_transactions AS s
        INNER JOIN transactions_archive AS a ON a.transaction_id = s.transaction_id
        SET
            s.column_name = 'external_id',
            s.reason = IF(
                COALESCE(s.account_id, a.account_id) <=> a.account_id
                    AND COALESCE(s.transaction_time, a.transaction_time) <=> a.transaction_time
                    AND COALESCE(s.transaction_amount, a.transaction_amount)
                        <=> a.transaction_amount
                    AND COALESCE(s.currency, a.currency) <=> a.currency
                    AND COALESCE(s.state, a.status) <=> a.status,
                NULL,
                'the payment is in the archive and cannot change'
            ),
            s.outcome = IF(s.outcome = 'first', 'duplicate', s.outcome)
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL;
    END IF;
    UPDATE import_staged_transactions AS s
    LEFT JOIN transactions AS t ON t.transaction_id = s.transaction_id
    SET s.outcome = CASE
        WHEN t.transaction_id IS NULL THEN 'loaded'
        WHEN s.is_same = 1 THEN 'duplicate'
        ELSE 'updated'
    END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;

    -- No rate is above 10^9, so that only large amounts can come near the bound.
    UPDATE import_staged_transactions AS s
    LEFT JOIN transactions AS t ON t.transaction_id = s.transaction_id
    SET s.column_name = 'transaction_amount',
        s.reason = 'the amount in the base currency is not below 10^14'
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL
        AND s.outcome IN ('loaded', 'updated')
        AND s.base_amount IS NULL
        AND s.transaction_amount >= 100000
        AND s.transaction_amount * fx_rate(
            COALESCE(s.currency, t.currency),
            DATE(COALESCE(s.transaction_time, t.transaction_time))) >= 100000000000000;

    -- One rate for each currency and day of new payments, instead of one for each in the trigger.
    DROP TEMPORARY TABLE IF EXISTS import_rates;
    CREATE TEMPORARY TABLE import_rates ENGINE = Aria TRANSACTIONAL = 0
    SELECT
        x.currency AS currency,
        DATE(x.transaction_time) AS rate_date,
        fx_rate(MIN(x.currency), MIN(DATE(x.transaction_time))) AS rate_to_base
    FROM import_staged_transactions AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.outcome = 'loaded'
        AND x.reason IS NULL
        AND x.base_amount IS NULL
    GROUP BY x.currency, DATE(x.transaction_time);
    UPDATE import_staged_transactions AS s
    INNER JOIN import_rates AS f
        ON f.currency = s.currency
        AND f.rate_date = DATE(s.transaction_time)
    SET s.base_amount = ROUND(s.transaction_amount * f.rate_to_base, 4)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'loaded'
        AND s.reason IS NULL
        AND s.base_amount IS NULL;

    -- New payments.
    CALL insert_staged_transactions(
        in_first_record, in_last_record, in_source_name, in_has_own_ids);

    -- Changed payments.
    UPDATE transactions AS t
    INNER JOIN import_staged_transactions AS s ON s.transaction_id = t.transaction_id
    SET t.account_id = COALESCE(s.account_id, t.account_id),
        t.counterparty_account_id = COALESCE(s.counterparty_account_id, t.counterparty_account_id),
        t.transaction_time = COALESCE(s.transaction_time, t.transaction_time),
        t.transaction_amount = COALESCE(s.transaction_amount, t.transaction_amount),
        t.currency = COALESCE(s.currency, t.currency),
        t.base_amount = COALESCE(s.base_amount, t.base_amount),
        -- each dimension but all: t.{column} = COALESCE(s.{column}, t.{column}),
        t.transaction_type = COALESCE(s.transaction_type, t.transaction_type),
        t.merchant_category = COALESCE(s.merchant_category, t.merchant_category),
        t.location = COALESCE(s.location, t.location),
        t.device_type = COALESCE(s.device_type, t.device_type),
        t.channel = COALESCE(s.channel, t.channel),
        t.product = COALESCE(s.product, t.product),
        t.acquirer = COALESCE(s.acquirer, t.acquirer),
        t.card_scheme = COALESCE(s.card_scheme, t.card_scheme),
        t.response_code = COALESCE(s.response_code, t.response_code),
        -- end
        t.status = COALESCE(s.state, t.status),
        t.counterparty_iban = COALESCE(s.counterparty_iban, t.counterparty_iban),
        t.counterparty_handle = COALESCE(s.counterparty_handle, t.counterparty_handle),
        t.title = COALESCE(s.title, t.title),
        t.balance_after = COALESCE(s.balance_after, t.balance_after),
        t.requested_at = COALESCE(s.requested_at, t.requested_at),
        t.responded_at = COALESCE(s.responded_at, t.responded_at),
        t.order_reference = COALESCE(s.order_reference, t.order_reference),
        t.is_final_attempt = COALESCE(s.is_final_attempt, t.is_final_attempt),
        t.idempotency_key = COALESCE(s.idempotency_key, t.idempotency_key),
        t.source_status = COALESCE(s.source_status, t.source_status),
        t.status_changed_at = COALESCE(s.status_changed_at, t.status_changed_at),
        t.ingested_at = COALESCE(s.ingested_at, t.ingested_at)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'updated'
        AND s.reason IS NULL;

    -- Further records of a key: the same again, or a contradiction.
    IF in_separates_repeats = 0 THEN
        IF in_has_own_ids = 0 THEN
            UPDATE import_staged_transactions AS s
            INNER JOIN external_references AS r
                ON r.source_name = in_source_name
                AND r.entity = 'transaction'
                AND r.external_id = s.external_id
            SET s.transaction_id = r.internal_id
            WHERE s.record_number BETWEEN in_first_record AND in_last_record
                AND s.outcome = 'repeat';
        END IF;
        IF EXISTS (
            SELECT 1
            FROM import_staged_transactions AS s
            WHERE s.record_number BETWEEN in_first_record AND in_last_record
                AND s.outcome = 'repeat'
        ) THEN
            CALL compare_staged_transactions(in_first_record, in_last_record);
            UPDATE import_staged_transactions AS s
            SET s.reason = IF(
                    s.is_same = 1, NULL,
                    'contradicts an earlier record of this file with the same key'
                ),
                s.outcome = 'duplicate'
            WHERE s.record_number BETWEEN in_first_record AND in_last_record
                AND s.outcome = 'repeat'
                AND s.reason IS NULL;
        END IF;
    END IF;

    -- With repeats apart, import_keys has the keys of the batch already.
    INSERT INTO import_outcomes (
        record_number, line_number, external_id, outcome, column_name, reason, raw_line
    )
    SELECT
        s.record_number,
        s.line_number,
        IF(in_separates_repeats = 1, NULL, s.external_id),
        s.outcome,
        s.column_name,
        s.reason,
        IF(s.reason IS NULL, NULL, s.raw_line)
    FROM import_staged_transactions AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
