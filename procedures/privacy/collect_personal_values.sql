DELIMITER $$

CREATE OR REPLACE PROCEDURE collect_personal_values(
    IN in_customer_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes the temporary tables of an erasure: personal_values with what shows who the customer
is (name, e-mail, phone, identifier, account numbers, handles), personal_numbers with what takes
the place of account numbers and handles, personal_findings, personal_counts. A value that another
customer has too, or shorter than four characters, is no search word.
Transaction: joins'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS
        personal_values, personal_numbers, personal_findings, personal_counts;
    CREATE TEMPORARY TABLE personal_values (
        personal_value VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL
            PRIMARY KEY
    );
    CREATE TEMPORARY TABLE personal_numbers (
        old_number VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
        account_id BIGINT NOT NULL,
        new_number VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    );
    CREATE TEMPORARY TABLE personal_findings (
        table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
        column_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
        row_count BIGINT NOT NULL
    );
    CREATE TEMPORARY TABLE personal_counts (
        table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL
            PRIMARY KEY,
        row_count BIGINT NOT NULL
    );

    -- The country stays, since rules and figures look at it; 00 is never a right check digit.
    INSERT INTO personal_numbers (old_number, account_id, new_number)
    SELECT
        a.account_number,
        a.account_id,
        CONCAT(LEFT(a.account_number, 2), '00ERASED', a.account_id)
    FROM accounts AS a
    WHERE a.customer_id = in_customer_id
        AND a.account_number IS NOT NULL
        AND a.account_number NOT LIKE '__00ERASED%';
    INSERT INTO personal_numbers (old_number, account_id, new_number)
    SELECT
        h.handle,
        h.account_id,
        CONCAT(
            'erased-', h.account_id, '-',
            ROW_NUMBER() OVER (PARTITION BY h.account_id ORDER BY h.created_at, h.handle),
            '@erased')
    FROM payment_handles AS h
    INNER JOIN accounts AS a ON a.account_id = h.account_id
    WHERE a.customer_id = in_customer_id
        AND h.handle NOT LIKE 'erased-%@erased';

    INSERT IGNORE INTO personal_values (personal_value)
    SELECT TRIM(v.personal_value)
    FROM (
        SELECT c.name AS personal_value
        FROM customers AS c
        WHERE c.customer_id = in_customer_id
            AND NOT EXISTS (
                SELECT 1 FROM customers AS o
                WHERE o.name = c.name AND o.customer_id <> c.customer_id)
            AND c.name <> CONCAT('erased customer ', c.customer_id)
        UNION ALL
        SELECT c.email
        FROM customers AS c
        WHERE c.customer_id = in_customer_id
            AND NOT EXISTS (
                SELECT 1 FROM customers AS o
                WHERE o.email = c.email AND o.customer_id <> c.customer_id)
        UNION ALL
        SELECT c.phone
        FROM customers AS c
        WHERE c.customer_id = in_customer_id
            AND NOT EXISTS (
                SELECT 1 FROM customers AS o
                WHERE o.phone = c.phone AND o.customer_id <> c.customer_id)
        UNION ALL
        SELECT c.identifier
        FROM customers AS c
        WHERE c.customer_id = in_customer_id
            AND NOT EXISTS (
                SELECT 1 FROM customers AS o
                WHERE o.identifier = c.identifier AND o.customer_id <> c.customer_id)
        UNION ALL
        SELECT n.old_number
        FROM personal_numbers AS n
    ) AS v
    WHERE CHAR_LENGTH(TRIM(v.personal_value)) >= 4;
END$$

DELIMITER ;
