DELIMITER $$
CREATE OR REPLACE PROCEDURE create_imported_accounts(
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
    COMMENT 'Makes the accounts that are staged with the outcome loaded, and their customers where
these are new; part of the procedures that apply batches.
Parameters: in_source_name: source of the names. Result sets: none.
Errors: 30806 when a new account is not where its record says. Transaction: joins.
Example: CALL create_imported_accounts(''cards'');'
BEGIN
    DECLARE v_first_id BIGINT;
    DECLARE v_step BIGINT DEFAULT @@auto_increment_increment;
    DECLARE v_expected BIGINT DEFAULT 0;
    DECLARE v_count BIGINT;
    DECLARE v_from BIGINT;
    DECLARE v_to BIGINT;
    DECLARE v_last BIGINT DEFAULT COALESCE(
        (SELECT MAX(s.record_number) FROM import_staged_accounts AS s), 0);
    DECLARE v_is_single BOOLEAN DEFAULT @@innodb_autoinc_lock_mode = 2;

    UPDATE import_staged_accounts AS s
    SET s.customer_reference = COALESCE(s.customer_reference, s.external_id)
    WHERE s.outcome = 'loaded';
    -- The server numbers the rows of one statement in a row, in the order of the SELECT, unless
    -- innodb_autoinc_lock_mode is 2: then each record is a statement of its own.
    SET v_from = 0;
    SET v_to = v_last;
    make_customers: LOOP
        IF v_is_single THEN
            SET v_from = (
                SELECT s.record_number
                FROM import_staged_accounts AS s
                WHERE s.record_number >= v_from
                    AND s.outcome = 'loaded'
                    AND s.customer_id IS NULL
                ORDER BY s.record_number
                LIMIT 1
            );
            IF v_from IS NULL THEN
                LEAVE make_customers;
            END IF;
            SET v_to = v_from;
        END IF;
        UPDATE import_staged_accounts AS s
        INNER JOIN external_references AS r
            ON r.source_name = in_source_name
            AND r.entity = 'customer'
            AND r.external_id = s.customer_reference
        SET s.customer_id = r.internal_id
        WHERE s.record_number BETWEEN v_from AND v_to
            AND s.outcome = 'loaded'
            AND s.customer_id IS NULL;
        INSERT INTO customers (name, country, account_open_date)
        SELECT
            COALESCE(n.name, LEFT(CONCAT(in_source_name, ' ', n.customer_reference), 100)),
            COALESCE(n.country, 'ZZ'),
            DATE(n.opened_at)
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
            WHERE s.record_number BETWEEN v_from AND v_to
                AND s.outcome = 'loaded'
                AND s.customer_id IS NULL
        ) AS n
        WHERE n.turn = 1
        ORDER BY n.record_number;
        IF ROW_COUNT() > 0 THEN
            SET v_first_id = LAST_INSERT_ID();
            INSERT INTO external_references (source_name, entity, external_id, internal_id)
            SELECT
                in_source_name,
                'customer',
                n.customer_reference,
                v_first_id + v_step * (ROW_NUMBER() OVER (ORDER BY n.record_number) - 1)
            FROM (
                SELECT
                    s.customer_reference AS customer_reference,
                    MIN(s.record_number) AS record_number
                FROM import_staged_accounts AS s
                WHERE s.record_number BETWEEN v_from AND v_to
                    AND s.outcome = 'loaded'
                    AND s.customer_id IS NULL
                GROUP BY s.customer_reference
            ) AS n;
            UPDATE import_staged_accounts AS s
            INNER JOIN external_references AS r
                ON r.source_name = in_source_name
                AND r.entity = 'customer'
                AND r.external_id = s.customer_reference
            SET s.customer_id = r.internal_id
            WHERE s.record_number BETWEEN v_from AND v_to
                AND s.outcome = 'loaded'
                AND s.customer_id IS NULL;
        END IF;
        IF NOT v_is_single THEN
            LEAVE make_customers;
        END IF;
        SET v_from = v_from + 1;
    END LOOP;

    SET v_from = 0;
    SET v_to = v_last;
    make_accounts: LOOP
        IF v_is_single THEN
            SET v_from = (
                SELECT s.record_number
                FROM import_staged_accounts AS s
                WHERE s.record_number >= v_from
                    AND s.outcome = 'loaded'
                ORDER BY s.record_number
                LIMIT 1
            );
            IF v_from IS NULL THEN
                LEAVE make_accounts;
            END IF;
            SET v_to = v_from;
        END IF;
        INSERT INTO accounts (customer_id, account_type, currency, balance, opened_at)
        SELECT
            s.customer_id,
            COALESCE(s.account_type, 'personal'),
            s.currency,
            COALESCE(s.balance, 0),
            s.opened_at
        FROM import_staged_accounts AS s
        WHERE s.record_number BETWEEN v_from AND v_to
            AND s.outcome = 'loaded'
        ORDER BY s.record_number;
        SET v_expected = v_expected + ROW_COUNT();
        SET v_first_id = LAST_INSERT_ID();
        UPDATE import_staged_accounts AS s
        INNER JOIN (
            SELECT
                x.record_number AS record_number,
                ROW_NUMBER() OVER (ORDER BY x.record_number) - 1 AS place
            FROM import_staged_accounts AS x
            WHERE x.record_number BETWEEN v_from AND v_to
                AND x.outcome = 'loaded'
        ) AS n ON n.record_number = s.record_number
        SET s.account_id = v_first_id + n.place * v_step;
        IF NOT v_is_single THEN
            LEAVE make_accounts;
        END IF;
        SET v_from = v_from + 1;
    END LOOP;
    IF v_expected > 0 THEN
        SET v_count = (
            SELECT COUNT(*)
            FROM import_staged_accounts AS s
            INNER JOIN accounts AS a
                ON a.account_id = s.account_id
                AND a.customer_id = s.customer_id
                AND a.opened_at = s.opened_at
            INNER JOIN customers AS c ON c.customer_id = a.customer_id
            WHERE s.outcome = 'loaded'
        );
        IF v_count <> v_expected THEN
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30806,
                MESSAGE_TEXT = 'create_imported_accounts: a new account is not where its record says';
        END IF;
        INSERT INTO external_references (source_name, entity, external_id, internal_id)
        SELECT
            in_source_name,
            'account',
            s.external_id,
            s.account_id
        FROM import_staged_accounts AS s
        WHERE s.outcome = 'loaded'
        ORDER BY s.external_id;
    END IF;
END$$
DELIMITER ;
