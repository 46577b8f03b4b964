DELIMITER $$

CREATE OR REPLACE PROCEDURE check_session(
    IN in_needs_clock TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Refuses to write under settings of the session that switch checks off or change what a
statement means. A routine runs with the rights of its owner and the settings of its caller. Jobs
and alerts pass FALSE, so that their time can be simulated. Refused: foreign_key_checks,
unique_checks or check_constraint_checks off; sql_auto_is_null on; completion_type other than
NO_CHAIN. Reset: insert_id, which would give the next row a number of the choice of the caller.
Parameters:
    in_needs_clock: whether the clock of the session must be that of the server (SET timestamp)
Errors: 30014 a setting of the session.
Transaction: none. Reads no table.'
BEGIN
    DECLARE v_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin;

    IF @@insert_id <> 0 THEN
        SET SESSION insert_id = DEFAULT;
    END IF;
    IF NOT (@@foreign_key_checks AND @@unique_checks AND @@check_constraint_checks) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30014,
            MESSAGE_TEXT = 'check_session: foreign_key_checks, unique_checks or check_constraint_checks is off in the session';
    END IF;
    IF @@sql_auto_is_null OR @@completion_type <> 'NO_CHAIN' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30014,
            MESSAGE_TEXT = 'check_session: sql_auto_is_null is on, or completion_type is not NO_CHAIN, in the session';
    END IF;
    IF in_needs_clock THEN
        -- server_clock(), written out: the call would take longer than all the rest.
        SET v_uuid = UUID();
        IF ABS(TIMESTAMPDIFF(
            SECOND,
            UTC_TIMESTAMP(),
            TIMESTAMP'1582-10-15 00:00:00' + INTERVAL CONV(
                CONCAT(SUBSTR(v_uuid, 16, 3), SUBSTR(v_uuid, 10, 4), LEFT(v_uuid, 8)), 16, 10)
                DIV 10000000 SECOND)) > 5 THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30014,
                MESSAGE_TEXT = 'check_session: the clock of the session was set (SET timestamp)';
        END IF;
    END IF;
END$$

DELIMITER ;
