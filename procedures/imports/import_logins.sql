DELIMITER $$
CREATE OR REPLACE PROCEDURE import_logins(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_customer_source VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged logins by natural key: new keys are loaded, changed ones updated, equal
ones are duplicates; logins of customers that are not known, values outside of the lists, and a
second, different record of one key in a file are quarantined. A NULL in the file changes nothing.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
    in_customer_source: source of the customers that are named, NULL for the same
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802, 30803 from finish_import_batch.
Transaction: joins.
Example: CALL import_logins(1, 1, 5000, ''my-bank'', NULL);'
BEGIN
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_logins: no transaction is open';
    END IF;

    -- What each record says for itself, and whether its parents are there.
    UPDATE import_staged_logins AS s
    INNER JOIN external_references AS r
        ON r.source_name = COALESCE(in_customer_source, in_source_name)
        AND r.entity = 'customer'
        AND r.external_id = s.customer_reference
    SET s.customer_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    UPDATE import_staged_logins AS s
    LEFT JOIN customers AS c ON c.customer_id = s.customer_id
    SET s.column_name = CASE
            WHEN s.login_time NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59' THEN 'login_time'
            WHEN s.login_status NOT IN ('success', 'failed') THEN 'login_status'
            WHEN c.customer_id IS NULL THEN
                IF(s.customer_reference IS NULL, 'customer_id', 'customer_reference')
        END,
        s.reason = CASE
            WHEN s.login_time NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59'
                THEN 'the time is not from 1990 to 2099'
            WHEN s.login_status NOT IN ('success', 'failed') THEN
                'the status is not one of success, failed'
            WHEN c.customer_id IS NULL THEN 'the customer is not known'
        END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;
    -- Addresses and devices of a customer whose personal data were erased do not come back.
    UPDATE import_staged_logins AS s
    INNER JOIN privacy_erasures AS e ON e.customer_id = s.customer_id
    SET s.ip_address = NULL,
        s.location = NULL,
        s.device = NULL
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;

    DELETE FROM import_turns;
    INSERT INTO import_turns (record_number, turn)
    SELECT
        x.record_number,
        ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
    FROM import_staged_logins AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.reason IS NULL;
    UPDATE import_staged_logins AS s
    INNER JOIN import_turns AS n ON n.record_number = s.record_number
    LEFT JOIN import_keys AS k ON k.external_id = s.external_id
    SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');

    -- Which are there already, and whether they say the same; a NULL says nothing.
    UPDATE import_staged_logins AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'login'
        AND r.external_id = s.external_id
    SET s.login_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL compare_staged_logins(in_first_record, in_last_record, 'first');
    UPDATE import_staged_logins AS s
    LEFT JOIN login_activity AS t ON t.login_id = s.login_id
    SET s.outcome = CASE
        WHEN t.login_id IS NULL THEN 'loaded'
        WHEN s.is_same = 1 THEN 'duplicate'
        ELSE 'updated'
    END
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'first'
        AND s.reason IS NULL;

    -- New rows.
    CALL insert_staged_logins(in_first_record, in_last_record, in_source_name);

    UPDATE login_activity AS t
    INNER JOIN import_staged_logins AS s ON s.login_id = t.login_id
    SET t.customer_id = COALESCE(s.customer_id, t.customer_id),
        t.login_time = COALESCE(s.login_time, t.login_time),
        t.login_status = COALESCE(s.login_status, t.login_status),
        t.ip_address = COALESCE(s.ip_address, t.ip_address),
        t.location = COALESCE(s.location, t.location),
        t.device = COALESCE(s.device, t.device)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'updated'
        AND s.reason IS NULL;

    -- Further records of a key: the same again, or a contradiction.
    UPDATE import_staged_logins AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'login'
        AND r.external_id = s.external_id
    SET s.login_id = r.internal_id
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = 'repeat';
    CALL compare_staged_logins(in_first_record, in_last_record, 'repeat');
    UPDATE import_staged_logins AS s
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
    FROM import_staged_logins AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
