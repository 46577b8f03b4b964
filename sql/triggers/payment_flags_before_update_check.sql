DELIMITER $$

CREATE OR REPLACE TRIGGER payment_flags_before_update_check
BEFORE UPDATE ON payment_flags
FOR EACH ROW
BEGIN
    IF holds_card_number(NEW.reason) OR holds_card_number(COALESCE(NEW.removal_reason, '')) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30701,
            MESSAGE_TEXT = 'payment_flags: the text holds a card number';
    END IF;
END$$

DELIMITER ;
