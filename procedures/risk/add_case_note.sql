DELIMITER $$

CREATE OR REPLACE PROCEDURE add_case_note(
    IN in_case_id BIGINT,
    IN in_note VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds a note to a case, closed or not.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns.
Example: CALL add_case_note(1, ''asked the branch'')'
BEGIN
    CALL change_case('add_case_note', in_case_id, 'note', NULL, in_note);
END$$

DELIMITER ;
