DELIMITER $$

CREATE OR REPLACE PROCEDURE read_error(
    OUT out_errno INT,
    OUT out_sql_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
NO SQL
COMMENT 'The error that a handler handles: call it first in the handler. The conditions of a
statement begin with notes about rows before the one that failed, and end with the places of the
routines that the error passed (4094). NULL where the session keeps no conditions (max_error_count
= 0), 4094 where it kept too few of them'
BEGIN
    DECLARE v_place INT;

    GET DIAGNOSTICS v_place = NUMBER;
    search: WHILE v_place > 0 DO
        GET DIAGNOSTICS CONDITION v_place
            out_errno = MYSQL_ERRNO, out_sql_state = RETURNED_SQLSTATE, out_message = MESSAGE_TEXT;
        IF out_errno <> 4094 THEN
            LEAVE search;
        END IF;
        SET v_place = v_place - 1;
    END WHILE;
END$$

DELIMITER ;
