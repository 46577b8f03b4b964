DELIMITER $$
CREATE OR REPLACE PROCEDURE quarantine_refused_records(
    IN in_import_id BIGINT
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Moves the records that the reader refused into the quarantine and counts them.
Parameters:
    in_import_id: import that is running
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30802 when no such import is running.
Transaction: joins.
Example: CALL quarantine_refused_records(1);'
BEGIN
    DECLARE v_count BIGINT;
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'quarantine_refused_records: no transaction is open';
    END IF;
    INSERT INTO import_quarantine (import_id, line_number, column_name, reason, raw_line)
    SELECT
        in_import_id,
        s.line_number,
        s.column_name,
        s.reason,
        UNHEX(s.raw_hex)
    FROM import_refused AS s
    ORDER BY s.line_number;
    SET v_count = ROW_COUNT();
    DELETE FROM import_refused;
    CALL add_import_counts(in_import_id, v_count, 0, 0, 0, v_count);
END$$
DELIMITER ;
