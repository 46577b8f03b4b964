DELIMITER $$

CREATE OR REPLACE TRIGGER alert_changes_before_insert_check
BEFORE INSERT ON alert_changes
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.change_text) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'alert_changes: the text holds a card number';
    END IF;
END$$

DELIMITER ;
