DELIMITER $$
CREATE OR REPLACE PROCEDURE create_accounts_for_payments(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Makes a customer and an account for each account that staged payments name and that is not
known yet, nor was of a customer whose personal data were erased; opened at its first payment of
the batch; part of import_transactions.
Parameters:
    in_first_record, in_last_record: staged records
    in_source_name: source of the names
    in_currency, in_country: of the new accounts and customers
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL create_accounts_for_payments(1, 50000, ''cards'', ''EUR'', ''ZZ'');'
BEGIN
    DELETE FROM import_staged_accounts;
    INSERT INTO import_staged_accounts (
        record_number, line_number, external_id, name, country, account_type, currency, balance,
        opened_at, outcome
    )
    SELECT
        MIN(p.place),
        0,
        p.reference,
        LEFT(CONCAT(in_source_name, ' ', p.reference), 100),
        in_country,
        'personal',
        in_currency,
        0,
        MIN(p.transaction_time),
        'loaded'
    FROM (
        SELECT
            2 * s.record_number + e.is_counterparty AS place,
            IF(e.is_counterparty, s.counterparty_reference, s.account_reference) AS reference,
            s.transaction_time AS transaction_time
        FROM import_staged_transactions AS s
        CROSS JOIN (SELECT 0 AS is_counterparty UNION ALL SELECT 1) AS e
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL
            AND IF(e.is_counterparty, s.counterparty_reference, s.account_reference) IS NOT NULL
    ) AS p
    LEFT JOIN external_references AS r
        ON r.source_name = in_source_name
        AND r.entity = 'account'
        AND r.external_id = p.reference
    WHERE r.internal_id IS NULL
    GROUP BY p.reference;
    IF EXISTS (
        SELECT 1
        FROM external_references AS r
        WHERE r.source_name = in_source_name
            AND r.entity = 'account'
            AND r.external_id LIKE 'erased-%'
    ) THEN
        UPDATE import_staged_accounts AS s
        SET s.erased_id = erased_reference(in_source_name, 'account', s.external_id);
        DELETE s
        FROM import_staged_accounts AS s
        INNER JOIN external_references AS r
            ON r.source_name = in_source_name
            AND r.entity = 'account'
            AND r.external_id = s.erased_id;
    END IF;
    CALL create_imported_accounts(in_source_name);
    DELETE FROM import_staged_accounts;
END$$
DELIMITER ;
