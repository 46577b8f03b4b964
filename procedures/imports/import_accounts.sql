DELIMITER $$
CREATE OR REPLACE PROCEDURE import_accounts(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged accounts by natural key, making their customers as needed. An account that
is there takes over type, currency, balance and opening time, its customer name and country.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802, 30803 from finish_import_batch.
Transaction: joins.
Example: CALL import_accounts(1, 1, 50000, ''amlsim'');'
BEGIN
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_accounts: no transaction is open';
    END IF;

    UPDATE import_staged_accounts AS s
    LEFT JOIN currencies AS c ON c.currency = s.currency
    SET s.column_name = CASE
            WHEN c.currency IS NULL THEN 'currency'
            WHEN s.account_type NOT IN ('personal', 'savings', 'business') THEN 'account_type'
        END,
        s.reason = CASE
            WHEN c.currency IS NULL THEN 'the currency is not in currencies'
            WHEN s.account_type NOT IN ('personal', 'savings', 'business')
                THEN 'the type is not personal, savings or business'
        END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;
    -- In two steps: a join on the function would call it for every pair.
    IF EXISTS (
        SELECT 1
        FROM external_references AS r
        WHERE r.source_name = in_source_name
            AND r.entity = 'account'
            AND r.external_id LIKE 'erased-%'
    ) THEN
        UPDATE import_staged_accounts AS s
        SET s.erased_id = erased_reference(in_source_name, 'account', s.external_id)
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL;
        UPDATE import_staged_accounts AS s
        INNER JOIN external_references AS r
            ON r.source_name = in_source_name
            AND r.entity = 'account'
            AND r.external_id = s.erased_id
        SET s.reason = 'the personal data of the customer were erased'
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL;
    END IF;
    DELETE FROM import_turns;
    INSERT INTO import_turns (record_number, turn)
    SELECT
        x.record_number,
        ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
    FROM import_staged_accounts AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.reason IS NULL;
    UPDATE import_staged_accounts AS s
    INNER JOIN import_turns AS n ON n.record_number = s.record_number
    LEFT JOIN import_keys AS k ON k.external_id = s.external_id
    SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');

    -- Long keys that an earlier version kept under another stand-in get their present one.
    UPDATE external_references AS r
    INNER JOIN import_staged_accounts AS s
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = s.former_id
    SET r.external_id = s.external_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.former_id IS NOT NULL;

    -- Which are there already, and whether they say the same; a NULL says nothing.
    UPDATE import_staged_accounts AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = s.external_id
    INNER JOIN accounts AS a ON a.account_id = r.internal_id
    SET s.account_id = a.account_id,
        s.customer_id = a.customer_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;
    CALL compare_staged_accounts(in_first_record, in_last_record, 'first');
    UPDATE import_staged_accounts AS s
    SET s.outcome = CASE
        WHEN s.account_id IS NULL THEN 'loaded'
        WHEN s.is_same = 1 THEN 'duplicate'
        ELSE 'updated'
    END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;
    CALL create_imported_accounts(in_source_name);
    UPDATE accounts AS a
    INNER JOIN import_staged_accounts AS s ON s.account_id = a.account_id
    INNER JOIN customers AS c ON c.customer_id = a.customer_id
    SET a.account_type = COALESCE(s.account_type, a.account_type),
        a.currency = COALESCE(s.currency, a.currency),
        a.balance = COALESCE(s.balance, a.balance),
        a.opened_at = COALESCE(s.opened_at, a.opened_at),
        c.name = COALESCE(s.name, c.name),
        c.country = COALESCE(s.country, c.country)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'updated'
        AND s.reason IS NULL;

    -- Further records of a key: the same again, or a contradiction.
    UPDATE import_staged_accounts AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = s.external_id
    SET s.account_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'repeat';
    CALL compare_staged_accounts(in_first_record, in_last_record, 'repeat');
    UPDATE import_staged_accounts AS s
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
    FROM import_staged_accounts AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    DELETE FROM import_staged_accounts
    WHERE record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
