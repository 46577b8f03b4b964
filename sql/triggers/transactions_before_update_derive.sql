DELIMITER $$

-- Keeps the derived columns true: a corrected amount, currency or day is converted anew, and a
-- change of state is dated, unless the statement gives the values itself.
CREATE OR REPLACE TRIGGER transactions_before_update_derive
BEFORE UPDATE ON transactions
FOR EACH ROW
BEGIN
    IF NEW.base_amount IS NULL
        OR (NEW.base_amount <=> OLD.base_amount
            AND (NEW.transaction_amount <> OLD.transaction_amount
                OR NEW.currency <> OLD.currency
                OR DATE(NEW.transaction_time) <> DATE(OLD.transaction_time)))
    THEN
        SET NEW.base_amount = ROUND(
            NEW.transaction_amount * fx_rate(NEW.currency, DATE(NEW.transaction_time)), 4);
    END IF;
    IF NEW.status <> OLD.status AND NEW.status_changed_at <=> OLD.status_changed_at THEN
        SET NEW.status_changed_at = UTC_TIMESTAMP();
    END IF;
END$$

DELIMITER ;
