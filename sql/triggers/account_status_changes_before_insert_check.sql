DELIMITER $$

CREATE OR REPLACE TRIGGER account_status_changes_before_insert_check
BEFORE INSERT ON account_status_changes
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.reason) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'account_status_changes: the text holds a card number';
    END IF;
END$$

DELIMITER ;
