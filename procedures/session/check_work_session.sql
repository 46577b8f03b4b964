DELIMITER $$

CREATE OR REPLACE PROCEDURE check_work_session(
    IN in_needs_autocommit TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes a session fit for work that takes several transactions, or refuses it:
check_session, and settings that would cut what such work reads. Refused: max_recursive_iterations
below 1000; div_precision_increment below 4. Reset: group_concat_max_len below 1 MiB, as lists of
columns and members would be cut; it stays at 1 MiB afterwards.
Parameters:
    in_needs_autocommit: whether autocommit must be on, as reading between two transactions would
        begin a third
Errors: 30014 a setting of the session.
Transaction: none. Reads no table.'
BEGIN
    CALL check_session(FALSE);
    IF @@group_concat_max_len < 1048576 THEN
        SET SESSION group_concat_max_len = 1048576;
    END IF;
    IF in_needs_autocommit AND NOT @@autocommit THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30014,
            MESSAGE_TEXT = 'check_work_session: autocommit is off in the session';
    END IF;
    IF @@max_recursive_iterations < 1000 OR @@div_precision_increment < 4 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30014,
            MESSAGE_TEXT = 'check_work_session: max_recursive_iterations is below 1000, or div_precision_increment below 4';
    END IF;
END$$

DELIMITER ;
