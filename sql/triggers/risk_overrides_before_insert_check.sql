DELIMITER $$

CREATE OR REPLACE TRIGGER risk_overrides_before_insert_check
BEFORE INSERT ON risk_overrides
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.reason) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'risk_overrides: the text holds a card number';
    END IF;
END$$

DELIMITER ;
