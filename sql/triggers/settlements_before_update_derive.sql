DELIMITER $$

-- Keeps the derived columns true when a settlement is corrected, unless the statement gives the
-- values itself.
CREATE OR REPLACE TRIGGER settlements_before_update_derive
BEFORE UPDATE ON settlements
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
            MESSAGE_TEXT = 'settlements: the amount in the base currency is not below 10^14';
    END IF;
    IF NOT (NEW.accepted_at <=> OLD.accepted_at)
            AND (NEW.accepted_at + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
        OR NOT (NEW.due_at <=> OLD.due_at)
            AND NEW.due_at IS NOT NULL AND (NEW.due_at + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
        OR NOT (NEW.settlement_date <=> OLD.settlement_date)
            AND NEW.settlement_date IS NOT NULL AND (NEW.settlement_date + INTERVAL 0 SECOND
            BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30011,
            MESSAGE_TEXT = 'settlements: a time is not from 1990 to 2099';
    END IF;
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
        BEGIN
            -- Wider than the column, so that it is refused by name.
            DECLARE v_base_amount DECIMAL(38,4) DEFAULT ROUND(
                NEW.settlement_amount * fx_rate(NEW.currency, DATE(NEW.accepted_at)), 4);
            IF v_base_amount >= 100000000000000 THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30012,
                    MESSAGE_TEXT = 'settlements: the amount in the base currency is not below 10^14';
            END IF;
            SET NEW.base_amount = v_base_amount;
        END;
    END IF;
END$$

DELIMITER ;
