DELIMITER $$

CREATE OR REPLACE TRIGGER audit_log_before_update_refuse
BEFORE UPDATE ON audit_log
FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET
        MYSQL_ERRNO = 30710,
        MESSAGE_TEXT = 'audit_log: entries are added, never changed or removed';
END$$

DELIMITER ;
