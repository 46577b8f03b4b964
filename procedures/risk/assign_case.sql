DELIMITER $$

CREATE OR REPLACE PROCEDURE assign_case(
    IN in_case_id BIGINT,
    IN in_assignee VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives a case to somebody.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns.
Example: CALL assign_case(1, ''ana'')'
BEGIN
    CALL change_case('assign_case', in_case_id, 'assigned', in_assignee, in_assignee);
END$$

DELIMITER ;
