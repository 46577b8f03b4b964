DELIMITER $$

CREATE OR REPLACE TRIGGER balance_adjustments_before_insert_check
BEFORE INSERT ON balance_adjustments
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.reason) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'balance_adjustments: the text holds a card number';
    END IF;
END$$

DELIMITER ;
