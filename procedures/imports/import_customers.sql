DELIMITER $$
CREATE OR REPLACE PROCEDURE import_customers(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged customers by natural key: new keys are loaded, changed ones updated, equal
ones are duplicates; values outside of the lists, customers whose personal data were erased, and a
second, different record of one key in a file are quarantined. A NULL in the file changes nothing.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802, 30803 from finish_import_batch.
Transaction: joins.
Example: CALL import_customers(1, 1, 5000, ''my-bank'');'
BEGIN
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_customers: no transaction is open';
    END IF;

    -- What each record says for itself, and whether its parents are there.
    UPDATE import_staged_customers AS s
    SET s.column_name = CASE
            WHEN s.country NOT REGEXP '^[A-Z]{2}$' THEN 'country'
            WHEN s.gender NOT IN ('F', 'M', 'X') THEN 'gender'
            WHEN s.risk_category NOT IN ('low', 'medium', 'high') THEN 'risk_category'
            WHEN s.kyc_status NOT IN ('pending', 'verified', 'rejected', 'expired') THEN
                'kyc_status'
        END,
        s.reason = CASE
            WHEN s.country NOT REGEXP '^[A-Z]{2}$' THEN
                'the country is not two capital letters (ISO 3166)'
            WHEN s.gender NOT IN ('F', 'M', 'X') THEN 'the gender is not F, M or X'
            WHEN s.risk_category NOT IN ('low', 'medium', 'high') THEN
                'the category is not low, medium or high'
            WHEN s.kyc_status NOT IN ('pending', 'verified', 'rejected', 'expired') THEN
                'the status is not pending, verified, rejected or expired'
        END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;
    -- In two steps: a join on the function would call it for every pair.
    IF EXISTS (
        SELECT 1
        FROM external_references AS r
        WHERE r.source_name = in_source_name
            AND r.entity = 'customer'
            AND r.external_id LIKE 'erased-%'
    ) THEN
        UPDATE import_staged_customers AS s
        SET s.erased_id = erased_reference(in_source_name, 'customer', s.external_id)
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL;
        UPDATE import_staged_customers AS s
        INNER JOIN external_references AS r
            ON r.source_name = in_source_name
            AND r.entity = 'customer'
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
    FROM import_staged_customers AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.reason IS NULL;
    UPDATE import_staged_customers AS s
    INNER JOIN import_turns AS n ON n.record_number = s.record_number
    LEFT JOIN import_keys AS k ON k.external_id = s.external_id
    SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');

    -- Which are there already, and whether they say the same; a NULL says nothing.
    UPDATE import_staged_customers AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'customer'
        AND r.external_id = s.external_id
    SET s.customer_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL compare_staged_customers(in_first_record, in_last_record, 'first');
    UPDATE import_staged_customers AS s
    LEFT JOIN customers AS t ON t.customer_id = s.customer_id
    SET s.outcome = CASE
        WHEN t.customer_id IS NULL THEN 'loaded'
        WHEN s.is_same = 1 THEN 'duplicate'
        ELSE 'updated'
    END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;

    -- New rows.
    CALL insert_staged_customers(in_first_record, in_last_record, in_source_name);

    UPDATE customers AS t
    INNER JOIN import_staged_customers AS s ON s.customer_id = t.customer_id
    SET t.name = COALESCE(s.name, t.name),
        t.first_name = COALESCE(s.first_name, t.first_name),
        t.last_name = COALESCE(s.last_name, t.last_name),
        t.identifier = COALESCE(s.identifier, t.identifier),
        t.birth_date = COALESCE(s.birth_date, t.birth_date),
        t.email = COALESCE(s.email, t.email),
        t.phone = COALESCE(s.phone, t.phone),
        t.gender = COALESCE(s.gender, t.gender),
        t.locale = COALESCE(s.locale, t.locale),
        t.country = COALESCE(s.country, t.country),
        t.risk_category = COALESCE(s.risk_category, t.risk_category),
        t.kyc_status = COALESCE(s.kyc_status, t.kyc_status),
        t.account_open_date = COALESCE(s.account_open_date, t.account_open_date),
        t.is_active = COALESCE(s.is_active, t.is_active)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'updated'
        AND s.reason IS NULL;

    -- Further records of a key: the same again, or a contradiction.
    UPDATE import_staged_customers AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'customer'
        AND r.external_id = s.external_id
    SET s.customer_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'repeat';
    CALL compare_staged_customers(in_first_record, in_last_record, 'repeat');
    UPDATE import_staged_customers AS s
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
    FROM import_staged_customers AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
