DELIMITER $$
CREATE OR REPLACE PROCEDURE compare_staged_accounts(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Marks the staged accounts that are in the database unchanged; part of import_accounts. A
staged NULL says nothing and so never differs.
Parameters:
    in_first_record, in_last_record: staged records
    in_outcome: first or repeat: those of the records that are compared
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL compare_staged_accounts(1, 5000, ''first'');'
BEGIN
    UPDATE import_staged_accounts AS s
    INNER JOIN accounts AS a ON a.account_id = s.account_id
    INNER JOIN customers AS c ON c.customer_id = a.customer_id
    SET s.is_same = (s.account_type IS NULL OR s.account_type <=> a.account_type)
        AND (s.currency IS NULL OR s.currency <=> a.currency)
        AND (s.balance IS NULL OR s.balance <=> a.balance)
        AND (s.opened_at IS NULL OR s.opened_at <=> a.opened_at)
        AND (s.name IS NULL OR s.name <=> c.name)
        AND (s.country IS NULL OR s.country <=> c.country)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = in_outcome
        AND s.reason IS NULL;
END$$
DELIMITER ;
