DELIMITER $$
CREATE OR REPLACE PROCEDURE compare_staged_logins(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_outcome VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Marks the staged logins that are in the database unchanged; part of import_logins. A
staged NULL says nothing and so never differs.
Parameters:
    in_first_record, in_last_record: staged records
    in_outcome: first or repeat: those of the records that are compared
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL compare_staged_logins(1, 5000, ''first'');'
BEGIN
    UPDATE import_staged_logins AS s
    INNER JOIN login_activity AS t ON t.login_id = s.login_id
    SET s.is_same = (s.customer_id IS NULL OR s.customer_id <=> t.customer_id)
        AND (s.login_time IS NULL OR s.login_time <=> t.login_time)
        AND (s.login_status IS NULL OR s.login_status <=> t.login_status)
        AND (s.ip_address IS NULL OR s.ip_address <=> t.ip_address)
        AND (s.location IS NULL OR s.location <=> t.location)
        AND (s.device IS NULL OR s.device <=> t.device)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.outcome = in_outcome
        AND s.reason IS NULL;
END$$
DELIMITER ;
