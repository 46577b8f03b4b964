DELIMITER $$
CREATE OR REPLACE PROCEDURE import_settlements(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_uses_minor_units TINYINT,
    IN in_payment_source VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged settlements by natural key: new keys are loaded, changed ones updated,
equal ones are duplicates; settlements of payments that are not known, values outside of the lists,
ended ones without a date, and a second, different record of one key in a file are quarantined. A
NULL in the file changes nothing; without due_at the calendar of the rail gives it.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
    in_uses_minor_units: 1 when amounts are in the smallest coin
    in_payment_source: source of the payments that are named, NULL for the same
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802, 30803 from finish_import_batch.
Transaction: joins.
Example: CALL import_settlements(1, 1, 5000, ''my-bank'', 0, NULL);'
BEGIN
    DECLARE v_rails VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT (SELECT GROUP_CONCAT(l.rail ORDER BY l.rail SEPARATOR ', ') FROM rails AS l);
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_settlements: no transaction is open';
    END IF;

    -- What each record says for itself, and whether its parents are there.
    UPDATE import_staged_settlements AS s
    INNER JOIN external_references AS r
        ON r.source_name = COALESCE(in_payment_source, in_source_name)
        AND r.entity = 'transaction'
        AND r.external_id = s.transaction_reference
    SET s.transaction_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    UPDATE import_staged_settlements AS s
    LEFT JOIN currencies AS c ON c.currency = s.currency
    LEFT JOIN rails AS l ON l.rail = s.rail
    LEFT JOIN transactions AS p ON p.transaction_id = s.transaction_id
    LEFT JOIN transactions_archive AS a ON a.transaction_id = s.transaction_id
    SET s.column_name = CASE
            WHEN s.accepted_at NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'accepted_at'
            WHEN s.due_at NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'due_at'
            WHEN s.settlement_date NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'settlement_date'
            WHEN c.currency IS NULL THEN 'currency'
            WHEN l.rail IS NULL THEN 'rail'
            WHEN s.settlement_status NOT IN ('pending', 'settled', 'failed') THEN
                'settlement_status'
            WHEN s.settlement_amount < 0 THEN 'settlement_amount'
            WHEN s.settlement_status IN ('settled', 'failed') AND s.settlement_date IS NULL THEN
                'settlement_date'
            WHEN s.settlement_date < s.accepted_at THEN 'settlement_date'
            WHEN p.transaction_id IS NULL AND a.transaction_id IS NULL THEN
                IF(s.transaction_reference IS NULL, 'transaction_id', 'transaction_reference')
        END,
        s.reason = CASE
            WHEN s.accepted_at NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'the time is not from 1990 to 2099'
            WHEN s.due_at NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'the time is not from 1990 to 2099'
            WHEN s.settlement_date NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'the time is not from 1990 to 2099'
            WHEN c.currency IS NULL THEN 'the currency is not in currencies'
            WHEN l.rail IS NULL THEN LEFT(CONCAT('the rail is not one of ', v_rails), 255)
            WHEN s.settlement_status NOT IN ('pending', 'settled', 'failed') THEN
                'the status is not one of pending, settled, failed'
            WHEN s.settlement_amount < 0 THEN 'the amount is negative'
            WHEN s.settlement_status IN ('settled', 'failed') AND s.settlement_date IS NULL THEN
                'the settlement has ended and has no date'
            WHEN s.settlement_date < s.accepted_at THEN 'the settlement is before its acceptance'
            WHEN p.transaction_id IS NULL AND a.transaction_id IS NULL THEN
                'the payment is not known'
        END,
        s.is_archived = a.transaction_id IS NOT NULL,
        s.settlement_amount = IF(
            in_uses_minor_units = 1,
            s.settlement_amount
                / CASE c.minor_unit WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 WHEN 3 THEN 1000
                    ELSE 10000 END,
            s.settlement_amount
        )
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;

    DELETE FROM import_turns;
    INSERT INTO import_turns (record_number, turn)
    SELECT
        x.record_number,
        ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
    FROM import_staged_settlements AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.reason IS NULL;
    UPDATE import_staged_settlements AS s
    INNER JOIN import_turns AS n ON n.record_number = s.record_number
    LEFT JOIN import_keys AS k ON k.external_id = s.external_id
    SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');

    -- Which are there already, and whether they say the same; a NULL says nothing.
    UPDATE import_staged_settlements AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'settlement'
        AND r.external_id = s.external_id
    SET s.settlement_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    -- What is in the archive cannot change any more.
    UPDATE import_staged_settlements AS s
    LEFT JOIN settlements_archive AS a ON a.settlement_id = s.settlement_id
    SET s.column_name = 'external_id',
        s.reason = IF(
            a.settlement_id IS NOT NULL
                AND (s.rail IS NULL OR s.rail <=> a.rail)
                AND (s.settlement_status IS NULL OR s.settlement_status <=> a.settlement_status)
                AND (s.settlement_amount IS NULL OR s.settlement_amount <=> a.settlement_amount)
                AND (s.currency IS NULL OR s.currency <=> a.currency)
                AND (s.settlement_date IS NULL OR s.settlement_date <=> a.settlement_date),
            NULL,
            'the payment is in the archive, and its settlements cannot change'
        ),
        s.outcome = 'duplicate'
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.is_archived = 1
        AND s.reason IS NULL;
    CALL compare_staged_settlements(in_first_record, in_last_record, 'first');
    UPDATE import_staged_settlements AS s
    LEFT JOIN settlements AS t ON t.settlement_id = s.settlement_id
    SET s.outcome = CASE
        WHEN t.settlement_id IS NULL THEN 'loaded'
        WHEN s.is_same = 1 THEN 'duplicate'
        ELSE 'updated'
    END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;

    -- New rows.
    CALL insert_staged_settlements(in_first_record, in_last_record, in_source_name);

    UPDATE settlements AS t
    INNER JOIN import_staged_settlements AS s ON s.settlement_id = t.settlement_id
    SET t.transaction_id = COALESCE(s.transaction_id, t.transaction_id),
        t.rail = COALESCE(s.rail, t.rail),
        t.settlement_status = COALESCE(s.settlement_status, t.settlement_status),
        t.settlement_amount = COALESCE(s.settlement_amount, t.settlement_amount),
        t.currency = COALESCE(s.currency, t.currency),
        t.base_amount = COALESCE(s.base_amount, t.base_amount),
        t.accepted_at = COALESCE(s.accepted_at, t.accepted_at),
        t.due_at = COALESCE(s.due_at, t.due_at),
        t.settlement_date = COALESCE(s.settlement_date, t.settlement_date)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'updated'
        AND s.reason IS NULL;

    -- Further records of a key: the same again, or a contradiction.
    UPDATE import_staged_settlements AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'settlement'
        AND r.external_id = s.external_id
    SET s.settlement_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'repeat';
    CALL compare_staged_settlements(in_first_record, in_last_record, 'repeat');
    UPDATE import_staged_settlements AS s
    SET s.outcome = 'duplicate',
        s.reason = IF(
            s.is_same = 1, NULL, 'contradicts an earlier record of this file with the same key'
        )
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'repeat'
        AND s.reason IS NULL;

    INSERT INTO import_outcomes (
        record_number, line_number, external_id, outcome, column_name, reason, raw_line
    )
    SELECT
        s.record_number,
        s.line_number,
        s.external_id,
        s.outcome,
        s.column_name,
        s.reason,
        IF(s.reason IS NULL, NULL, s.raw_line)
    FROM import_staged_settlements AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
