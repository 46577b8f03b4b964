DELIMITER $$

CREATE OR REPLACE PROCEDURE set_case_due_date(
    IN in_case_id BIGINT,
    IN in_due_at DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves the time until when a case must be decided (UTC).
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns.
Example: CALL set_case_due_date(1, ''2026-12-01 12:00:00'')'
BEGIN
    CALL change_case('set_case_due_date', in_case_id, 'due_date', in_due_at, in_due_at);
END$$

DELIMITER ;
