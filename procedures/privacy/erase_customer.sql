DELIMITER $$

CREATE OR REPLACE PROCEDURE erase_customer(
    IN in_customer_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Erases the personal data of a customer; payments, amounts, countries and scores stay.
Name, contact, identifier, birth and street go, account numbers and handles become pseudonyms
wherever payments name them, titles of payments to and from the customer, addresses of logins,
notes and reasons go, and so does every text elsewhere that holds one of the old values. Then every
column is searched again.
Result: the row of privacy_erasures. Reads every table once or twice.
Errors: 30001 open transaction, 30014 a setting of the session, 30502 no such customer, 30702 a
    case of the customer is open, 30703 an old value is still there.
Transaction: owns.
Example: CALL erase_customer(17)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_columns INT;
    DECLARE v_counts LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_left VARCHAR(129) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_now DATETIME DEFAULT UTC_TIMESTAMP();

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'erase_customer: called inside an open transaction';
    END IF;
    -- The proof says when; lists of columns that were searched must not be cut.
    CALL check_session(TRUE);
    CALL check_work_session(FALSE);
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            DROP TEMPORARY TABLE IF EXISTS
                personal_values, personal_numbers, personal_findings, personal_counts,
                personal_payments, personal_handles;
            -- The server's own messages may hold values.
            CALL log_routine_error(
                'erase_customer', v_errno, v_state,
                IF(v_errno BETWEEN 30000 AND 30999, v_message, 'erase_customer: failed'));
            RESIGNAL;
        END;

        -- Rows that are looked at and not changed must not stay locked.
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        SELECT c.name
        INTO v_name
        FROM customers AS c
        WHERE c.customer_id = in_customer_id
        FOR UPDATE;
        IF v_name IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30502,
                MESSAGE_TEXT = 'erase_customer: the customer does not exist';
        END IF;
        IF EXISTS (
            SELECT 1 FROM risk_cases AS k
            WHERE k.customer_id = in_customer_id AND k.case_state <> 'closed'
        ) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30702,
                MESSAGE_TEXT = 'erase_customer: a case of the customer is open';
        END IF;
        CALL collect_personal_values(in_customer_id);

        UPDATE customers
        SET
            name = CONCAT('erased customer ', customer_id),
            first_name = NULL,
            last_name = NULL,
            identifier = NULL,
            birth_date = NULL,
            email = NULL,
            phone = NULL,
            gender = NULL,
            locale = NULL
        WHERE customer_id = in_customer_id;
        CALL count_erased_rows('customers', ROW_COUNT());
        UPDATE customer_locations
        SET postal_code = NULL, street = NULL, building_number = NULL
        WHERE customer_id = in_customer_id;
        CALL count_erased_rows('customer_locations', ROW_COUNT());
        UPDATE login_activity
        SET ip_address = NULL, device = NULL
        WHERE customer_id = in_customer_id
            AND (ip_address IS NOT NULL OR device IS NOT NULL);
        CALL count_erased_rows('login_activity', ROW_COUNT());

        -- Payments to and from the customer: one reading, then changes by key.
        -- The numbers once more: MySQL reads a temporary table once in a statement.
        DROP TEMPORARY TABLE IF EXISTS personal_handles, personal_payments;
        CREATE TEMPORARY TABLE personal_handles (
            PRIMARY KEY (old_number)
        )
        SELECT
            n.old_number,
            n.new_number
        FROM personal_numbers AS n;
        CREATE TEMPORARY TABLE personal_payments (
            transaction_id BIGINT NOT NULL PRIMARY KEY
        )
        SELECT t.transaction_id
        FROM transactions AS t
        WHERE t.account_id IN (
                SELECT a.account_id FROM accounts AS a WHERE a.customer_id = in_customer_id)
            OR t.counterparty_account_id IN (
                SELECT a.account_id FROM accounts AS a WHERE a.customer_id = in_customer_id)
            OR t.counterparty_iban IN (SELECT n.old_number FROM personal_numbers AS n)
            OR t.counterparty_handle IN (SELECT n.old_number FROM personal_handles AS n);
        INSERT IGNORE INTO personal_payments (transaction_id)
        SELECT t.transaction_id
        FROM transactions_archive AS t
        WHERE t.account_id IN (
                SELECT a.account_id FROM accounts AS a WHERE a.customer_id = in_customer_id)
            OR t.counterparty_account_id IN (
                SELECT a.account_id FROM accounts AS a WHERE a.customer_id = in_customer_id)
            OR t.counterparty_iban IN (SELECT n.old_number FROM personal_numbers AS n)
            OR t.counterparty_handle IN (SELECT n.old_number FROM personal_handles AS n);
        UPDATE transactions AS t
        INNER JOIN personal_payments AS p ON p.transaction_id = t.transaction_id
        LEFT JOIN personal_numbers AS i ON i.old_number = t.counterparty_iban
        LEFT JOIN personal_handles AS h ON h.old_number = t.counterparty_handle
        SET
            t.title = NULL,
            t.counterparty_iban = COALESCE(i.new_number, t.counterparty_iban),
            t.counterparty_handle = COALESCE(h.new_number, t.counterparty_handle)
        WHERE t.title IS NOT NULL OR i.new_number IS NOT NULL OR h.new_number IS NOT NULL;
        CALL count_erased_rows('transactions', ROW_COUNT());
        UPDATE transactions_archive AS t
        INNER JOIN personal_payments AS p ON p.transaction_id = t.transaction_id
        LEFT JOIN personal_numbers AS i ON i.old_number = t.counterparty_iban
        LEFT JOIN personal_handles AS h ON h.old_number = t.counterparty_handle
        SET
            t.title = NULL,
            t.counterparty_iban = COALESCE(i.new_number, t.counterparty_iban),
            t.counterparty_country = LEFT(COALESCE(i.new_number, t.counterparty_iban), 2),
            t.counterparty_handle = COALESCE(h.new_number, t.counterparty_handle)
        WHERE t.title IS NOT NULL OR i.new_number IS NOT NULL OR h.new_number IS NOT NULL;
        CALL count_erased_rows('transactions_archive', ROW_COUNT());
        UPDATE accounts AS a
        INNER JOIN personal_numbers AS n
            ON n.account_id = a.account_id AND n.old_number = a.account_number
        SET a.account_number = n.new_number;
        CALL count_erased_rows('accounts', ROW_COUNT());
        UPDATE payment_handles AS h
        INNER JOIN personal_numbers AS n ON n.old_number = h.handle
        SET h.handle = n.new_number;
        CALL count_erased_rows('payment_handles', ROW_COUNT());
        UPDATE external_references AS r
        SET r.external_id = erased_reference(r.source_name, r.entity, r.external_id)
        WHERE r.external_id NOT LIKE 'erased-%'
            AND (r.entity = 'customer' AND r.internal_id = in_customer_id
                OR r.entity = 'account' AND r.internal_id IN (
                    SELECT a.account_id FROM accounts AS a WHERE a.customer_id = in_customer_id));
        CALL count_erased_rows('external_references', ROW_COUNT());

        -- What people wrote about the customer.
        UPDATE risk_case_changes AS e
        INNER JOIN risk_cases AS k ON k.case_id = e.case_id
        SET e.change_text = '[erased]'
        WHERE k.customer_id = in_customer_id
            AND (
                e.change_kind = 'note'
                OR e.change_kind = 'opened' AND e.change_text LIKE 'by hand: %'
            );
        CALL count_erased_rows('risk_case_changes', ROW_COUNT());
        UPDATE risk_overrides
        SET reason = '[erased]'
        WHERE customer_id = in_customer_id;
        CALL count_erased_rows('risk_overrides', ROW_COUNT());
        UPDATE payment_flags
        SET
            reason = '[erased]',
            removal_reason = IF(removal_reason IS NULL, NULL, '[erased]')
        WHERE customer_id = in_customer_id;
        CALL count_erased_rows('payment_flags', ROW_COUNT());
        UPDATE account_status_changes AS s
        INNER JOIN accounts AS a ON a.account_id = s.account_id
        SET s.reason = '[erased]'
        WHERE a.customer_id = in_customer_id;
        CALL count_erased_rows('account_status_changes', ROW_COUNT());
        UPDATE balance_adjustments AS b
        INNER JOIN accounts AS a ON a.account_id = b.account_id
        SET b.reason = '[erased]'
        WHERE a.customer_id = in_customer_id;
        CALL count_erased_rows('balance_adjustments', ROW_COUNT());

        CALL find_personal_text(v_columns);
        CALL erase_personal_text();
        CALL find_personal_text(v_columns);
        SELECT CONCAT(f.table_name, '.', f.column_name)
        INTO v_left
        FROM personal_findings AS f
        LIMIT 1;
        IF v_left IS NOT NULL THEN
            SET v_message = LEFT(
                CONCAT('erase_customer: an old value is still there (', v_left, ')'), 128);
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30703, MESSAGE_TEXT = v_message;
        END IF;

        SELECT COALESCE(JSON_OBJECTAGG(n.table_name, n.row_count), '{}')
        INTO v_counts
        FROM personal_counts AS n;
        INSERT INTO privacy_erasures (
            customer_id,
            table_counts,
            searched_column_count,
            erased_by,
            erased_at,
            digest
        ) VALUES (
            in_customer_id,
            v_counts,
            v_columns,
            acting_person(),
            v_now,
            SHA2(CONCAT_WS('|', in_customer_id, v_counts, v_columns, acting_person(), v_now), 256)
        );
        COMMIT;
        DROP TEMPORARY TABLE IF EXISTS
            personal_values, personal_numbers, personal_findings, personal_counts,
            personal_payments, personal_handles;
        SELECT
            e.erasure_id,
            e.customer_id,
            e.table_counts,
            e.searched_column_count,
            e.erased_by,
            e.erased_at,
            e.digest
        FROM privacy_erasures AS e
        WHERE e.erasure_id = LAST_INSERT_ID();
    END;
END$$

DELIMITER ;
