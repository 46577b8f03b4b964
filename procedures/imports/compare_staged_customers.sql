DELIMITER $$
CREATE OR REPLACE PROCEDURE compare_staged_customers(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Marks the staged customers that are in the database unchanged; part of import_customers. A
staged NULL says nothing and so never differs.
Parameters:
    in_first_record, in_last_record: staged records
    in_outcome: first or repeat: those of the records that are compared
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL compare_staged_customers(1, 5000, ''first'');'
BEGIN
    UPDATE import_staged_customers AS s
    INNER JOIN customers AS t ON t.customer_id = s.customer_id
    SET s.is_same = (s.name IS NULL OR s.name <=> t.name)
        AND (s.first_name IS NULL OR s.first_name <=> t.first_name)
        AND (s.last_name IS NULL OR s.last_name <=> t.last_name)
        AND (s.identifier IS NULL OR s.identifier <=> t.identifier)
        AND (s.birth_date IS NULL OR s.birth_date <=> t.birth_date)
        AND (s.email IS NULL OR s.email <=> t.email)
        AND (s.phone IS NULL OR s.phone <=> t.phone)
        AND (s.gender IS NULL OR s.gender <=> t.gender)
        AND (s.locale IS NULL OR s.locale <=> t.locale)
        AND (s.country IS NULL OR s.country <=> t.country)
        AND (s.risk_category IS NULL OR s.risk_category <=> t.risk_category)
        AND (s.kyc_status IS NULL OR s.kyc_status <=> t.kyc_status)
        AND (s.account_open_date IS NULL OR s.account_open_date <=> t.account_open_date)
        AND (s.is_active IS NULL OR s.is_active <=> t.is_active)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = in_outcome
        AND s.reason IS NULL;
END$$
DELIMITER ;
