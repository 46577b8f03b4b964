DELIMITER $$

-- Keeps the derived columns true: a corrected amount, currency or day is converted anew, and a
-- change of state is dated, unless the statement gives the values itself.
CREATE OR REPLACE TRIGGER transactions_before_update_derive
BEFORE UPDATE ON transactions
FOR EACH ROW
BEGIN
    -- Bounds as values: a function would cost each row more than the row itself. Adding nothing
    -- gives NULL for 0000-00-00 and for days that no month has.
    -- Only what changes: a row from before the bounds keeps what it has.
    IF ABS(NEW.base_amount) >= 100000000000000
        AND NOT (NEW.base_amount <=> OLD.base_amount)
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30012,
            MESSAGE_TEXT = 'transactions: the amount in the base currency is not below 10^14';
    END IF;
    IF NOT (NEW.transaction_time <=> OLD.transaction_time)
            AND (NEW.transaction_time + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30011,
            MESSAGE_TEXT = 'transactions: transaction_time is not from 1990 to 2099';
    END IF;
    IF NEW.base_amount IS NULL
        OR (NEW.base_amount <=> OLD.base_amount
            AND (NEW.transaction_amount <> OLD.transaction_amount
                OR NEW.currency <> OLD.currency
                OR DATE(NEW.transaction_time) <> DATE(OLD.transaction_time)))
    THEN
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
    IF NEW.status <> OLD.status AND NEW.status_changed_at <=> OLD.status_changed_at THEN
        SET NEW.status_changed_at = UTC_TIMESTAMP();
    END IF;
END$$

DELIMITER ;
