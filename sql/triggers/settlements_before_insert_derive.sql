DELIMITER $$

-- Fills in the due time by the rail's cut-off, calendar and lag, and the amount in the base
-- currency at the rate of the day of acceptance.
CREATE OR REPLACE TRIGGER settlements_before_insert_derive
BEFORE INSERT ON settlements
FOR EACH ROW
BEGIN
    IF NEW.due_at IS NULL THEN
        SET NEW.due_at = settlement_due_at(NEW.rail, NEW.accepted_at);
        IF NEW.due_at IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30010,
                MESSAGE_TEXT = 'settlements: no due time, unknown rail or calendar not built';
        END IF;
    END IF;
    IF NEW.base_amount IS NULL THEN
        SET NEW.base_amount = ROUND(
            NEW.settlement_amount * fx_rate(NEW.currency, DATE(NEW.accepted_at)), 4);
    END IF;
END$$

DELIMITER ;
