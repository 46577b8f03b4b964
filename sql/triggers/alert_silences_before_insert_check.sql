DELIMITER $$

CREATE OR REPLACE TRIGGER alert_silences_before_insert_check
BEFORE INSERT ON alert_silences
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.reason) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'alert_silences: the text holds a card number';
    END IF;
END$$

DELIMITER ;
