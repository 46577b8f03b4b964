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
            DECLARE v_base_amount DECIMAL(38,4);
            DECLARE v_rate DECIMAL(18,9);
            DECLARE v_is_base TINYINT;
            -- text fx_rate: currency = NEW.currency; date = DATE(NEW.transaction_time)
            -- SELECT INTO, for SET would lock what it reads until the writer's transaction ends;
            -- MAX or a scalar subquery, so that nothing found is NULL without a warning.
            SELECT MAX(c.is_base)
            INTO v_is_base
            FROM currencies AS c
            WHERE c.currency = NEW.currency;
            IF v_is_base = 1 THEN
                SET v_rate = 1;
            ELSE
                SELECT (
                    SELECT r.rate_to_base
                    FROM fx_rates AS r
                    WHERE r.currency = NEW.currency AND r.rate_date <= DATE(NEW.transaction_time)
                    ORDER BY r.rate_date DESC
                    LIMIT 1
                ) INTO v_rate;
                IF v_rate IS NULL THEN
                    SELECT (
                        SELECT r.rate_to_base
                        FROM fx_rates AS r
                        WHERE r.currency = NEW.currency
                        ORDER BY r.rate_date
                        LIMIT 1
                    ) INTO v_rate;
                END IF;
            END IF;
            -- end
            SET v_base_amount = ROUND(NEW.transaction_amount * v_rate, 4);
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
