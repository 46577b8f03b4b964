DELIMITER $$
CREATE OR REPLACE PROCEDURE create_imported_accounts(
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Makes the accounts that are staged with the outcome loaded, and their customers where
these are new; part of the procedures that apply batches. One by one, as insert_staged_transactions
says.
Parameters:
    in_source_name: source of the names
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL create_imported_accounts(''cards'');'
BEGIN
    DECLARE v_left BIGINT;
    DECLARE v_record_number BIGINT;
    DECLARE v_external_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_customer_reference VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_account_type VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_balance DECIMAL(19,4);
    DECLARE v_opened_at DATETIME;
    DECLARE v_customer_id BIGINT;
    DECLARE v_account_id BIGINT;
    -- The first record of each customer that is not there yet says what is known of it.
    DECLARE new_customers CURSOR FOR
        SELECT
            n.customer_reference,
            COALESCE(n.name, LEFT(CONCAT(in_source_name, ' ', n.customer_reference), 100)),
            COALESCE(n.country, 'ZZ'),
            n.opened_at
        FROM (
            SELECT
                s.record_number AS record_number,
                s.customer_reference AS customer_reference,
                s.name AS name,
                s.country AS country,
                s.opened_at AS opened_at,
                ROW_NUMBER()
                    OVER (PARTITION BY s.customer_reference ORDER BY s.record_number) AS turn
            FROM import_staged_accounts AS s
            WHERE s.outcome = 'loaded'
                AND s.customer_id IS NULL
        ) AS n
        WHERE n.turn = 1
        ORDER BY n.record_number;
    DECLARE new_accounts CURSOR FOR
        SELECT
            s.record_number,
            s.external_id,
            s.customer_id,
            COALESCE(s.account_type, 'personal'),
            s.currency,
            COALESCE(s.balance, 0),
            s.opened_at
        FROM import_staged_accounts AS s
        WHERE s.outcome = 'loaded'
        ORDER BY s.record_number;

    UPDATE import_staged_accounts AS s
    SET s.customer_reference = COALESCE(s.customer_reference, s.external_id)
    WHERE s.outcome = 'loaded';
    UPDATE import_staged_accounts AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'customer'
        AND r.external_id = s.customer_reference
    SET s.customer_id = r.internal_id
    WHERE s.outcome = 'loaded'
        AND s.customer_id IS NULL;
    SET v_left = (
        SELECT COUNT(DISTINCT s.customer_reference)
        FROM import_staged_accounts AS s
        WHERE s.outcome = 'loaded'
            AND s.customer_id IS NULL
    );
    OPEN new_customers;
    WHILE v_left > 0 DO
        FETCH new_customers INTO v_customer_reference, v_name, v_country, v_opened_at;
        INSERT INTO customers (name, country, account_open_date)
        VALUES (v_name, v_country, DATE(v_opened_at));
        INSERT INTO external_references (source_name, entity, external_id, internal_id)
        VALUES (in_source_name, 'customer', v_customer_reference, LAST_INSERT_ID());
        SET v_left = v_left - 1;
    END WHILE;
    CLOSE new_customers;
    UPDATE import_staged_accounts AS s
    INNER JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'customer'
        AND r.external_id = s.customer_reference
    SET s.customer_id = r.internal_id
    WHERE s.outcome = 'loaded'
        AND s.customer_id IS NULL;

    SET v_left = (
        SELECT COUNT(*)
        FROM import_staged_accounts AS s
        WHERE s.outcome = 'loaded'
    );
    OPEN new_accounts;
    WHILE v_left > 0 DO
        FETCH new_accounts INTO
            v_record_number,
            v_external_id,
            v_customer_id,
            v_account_type,
            v_currency,
            v_balance,
            v_opened_at;
        INSERT INTO accounts (customer_id, account_type, currency, balance, opened_at)
        VALUES (v_customer_id, v_account_type, v_currency, v_balance, v_opened_at);
        SET v_account_id = LAST_INSERT_ID();
        UPDATE import_staged_accounts AS s
        SET s.account_id = v_account_id
        WHERE s.record_number = v_record_number;
        INSERT INTO external_references (source_name, entity, external_id, internal_id)
        VALUES (in_source_name, 'account', v_external_id, v_account_id);
        SET v_left = v_left - 1;
    END WHILE;
    CLOSE new_accounts;
END$$
DELIMITER ;
