DELIMITER $$
CREATE OR REPLACE PROCEDURE compare_staged_settlements(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Marks the staged settlements that are in the database unchanged; part of
import_settlements. A staged NULL says nothing and so never differs.
Parameters:
    in_first_record, in_last_record: staged records
    in_outcome: first or repeat: those of the records that are compared
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL compare_staged_settlements(1, 5000, ''first'');'
BEGIN
    UPDATE import_staged_settlements AS s
    INNER JOIN settlements AS t ON t.settlement_id = s.settlement_id
    SET s.is_same = (s.transaction_id IS NULL OR s.transaction_id <=> t.transaction_id)
        AND (s.rail IS NULL OR s.rail <=> t.rail)
        AND (s.settlement_status IS NULL OR s.settlement_status <=> t.settlement_status)
        AND (s.settlement_amount IS NULL OR s.settlement_amount <=> t.settlement_amount)
        AND (s.currency IS NULL OR s.currency <=> t.currency)
        AND (s.base_amount IS NULL OR s.base_amount <=> t.base_amount)
        AND (s.accepted_at IS NULL OR s.accepted_at <=> t.accepted_at)
        AND (s.due_at IS NULL OR s.due_at <=> t.due_at)
        AND (s.settlement_date IS NULL OR s.settlement_date <=> t.settlement_date)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = in_outcome
        AND s.reason IS NULL;
END$$
DELIMITER ;
