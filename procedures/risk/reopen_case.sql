DELIMITER $$

CREATE OR REPLACE PROCEDURE reopen_case(
    IN in_case_id BIGINT,
    IN in_reason VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Opens a closed case again, unless the customer has another open one.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns.
Example: CALL reopen_case(1, ''new evidence'')'
BEGIN
    CALL change_case('reopen_case', in_case_id, 'reopened', NULL, in_reason);
END$$

DELIMITER ;
