DELIMITER $$

-- Keeps the derived columns true when a settlement is corrected, unless the statement gives the
-- values itself.
CREATE OR REPLACE TRIGGER settlements_before_update_derive
BEFORE UPDATE ON settlements
FOR EACH ROW
BEGIN
    IF NEW.due_at IS NULL
        OR (NEW.due_at <=> OLD.due_at
            AND (NEW.rail <> OLD.rail OR NEW.accepted_at <> OLD.accepted_at))
    THEN
        SET NEW.due_at = settlement_due_at(NEW.rail, NEW.accepted_at);
        IF NEW.due_at IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30010,
                MESSAGE_TEXT = 'settlements: no due time, unknown rail or calendar not built';
        END IF;
    END IF;
    IF NEW.base_amount IS NULL
        OR (NEW.base_amount <=> OLD.base_amount
            AND (NEW.settlement_amount <> OLD.settlement_amount
                OR NEW.currency <> OLD.currency
                OR DATE(NEW.accepted_at) <> DATE(OLD.accepted_at)))
    THEN
        SET NEW.base_amount = ROUND(
            NEW.settlement_amount * fx_rate(NEW.currency, DATE(NEW.accepted_at)), 4);
    END IF;
END$$

DELIMITER ;
