DELIMITER $$

CREATE OR REPLACE PROCEDURE decide_case(
    IN in_case_id BIGINT,
    IN in_disposition VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_reason VARCHAR(1900) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Decides a case: confirmed, false_positive and reported close it, escalated leaves it open.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30505 no such
    case, 30506 wrong state.
Transaction: owns.
Example: CALL decide_case(1, ''false_positive'', ''salary of two months'')'
BEGIN
    IF COALESCE(in_disposition, '')
        NOT IN ('confirmed', 'false_positive', 'escalated', 'reported')
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'decide_case: confirmed, false_positive, escalated or reported is needed';
    END IF;
    CALL change_case(
        'decide_case', in_case_id, 'disposition', in_disposition,
        CONCAT(in_disposition, ': ', NULLIF(TRIM(in_reason), '')));
END$$

DELIMITER ;
