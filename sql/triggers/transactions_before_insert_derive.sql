DELIMITER $$

-- Fills in what follows from the row itself: the amount in the base currency at the dated rate,
-- and when the payment entered its state.
CREATE OR REPLACE TRIGGER transactions_before_insert_derive
BEFORE INSERT ON transactions
FOR EACH ROW
BEGIN
    IF NEW.base_amount IS NULL THEN
        SET NEW.base_amount = ROUND(
            NEW.transaction_amount * fx_rate(NEW.currency, DATE(NEW.transaction_time)), 4);
    END IF;
    IF NEW.status_changed_at IS NULL THEN
        SET NEW.status_changed_at = NEW.transaction_time;
    END IF;
END$$

DELIMITER ;
