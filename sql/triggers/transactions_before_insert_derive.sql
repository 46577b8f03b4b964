DELIMITER $$

-- Refuses what no rollup is made for, and fills in what follows from the row itself: the amount in
-- the base currency at the dated rate, and when the payment entered its state.
CREATE OR REPLACE TRIGGER transactions_before_insert_derive
BEFORE INSERT ON transactions
FOR EACH ROW
BEGIN
    -- Bounds as values: a function would cost each row more than the row itself. Adding nothing
    -- gives NULL for 0000-00-00 and for days that no month has.
    IF (NEW.transaction_time + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
        OR ABS(NEW.base_amount) >= 100000000000000
    THEN
        IF ABS(NEW.base_amount) >= 100000000000000 THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30012,
                MESSAGE_TEXT = 'transactions: the amount in the base currency is not below 10^14';
        END IF;
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30011,
            MESSAGE_TEXT = 'transactions: transaction_time is not from 1990 to 2099';
    END IF;
    IF NEW.base_amount IS NULL THEN
        BEGIN
            -- Wider than the column, so that it is refused by name.
            DECLARE v_base_amount DECIMAL(38,4) DEFAULT ROUND(
                NEW.transaction_amount * fx_rate(NEW.currency, DATE(NEW.transaction_time)), 4);
            IF v_base_amount >= 100000000000000 THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30012,
                    MESSAGE_TEXT = 'transactions: the amount in the base currency is not below 10^14';
            END IF;
            SET NEW.base_amount = v_base_amount;
        END;
    END IF;
    IF NEW.status_changed_at IS NULL THEN
        SET NEW.status_changed_at = NEW.transaction_time;
    END IF;
END$$

DELIMITER ;
