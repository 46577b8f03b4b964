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
        BEGIN
            DECLARE v_instant_seconds INT UNSIGNED;
            DECLARE v_due_at DATETIME;
            DECLARE v_last_from DATETIME;
            DECLARE v_accepted_from DATETIME;
            -- text due_time: rail = NEW.rail; accepted_at = NEW.accepted_at
            -- SELECT INTO and MAX as for the rate of a currency.
            SELECT MAX(r.instant_seconds)
            INTO v_instant_seconds
            FROM rails AS r
            WHERE r.rail = NEW.rail;
            IF v_instant_seconds IS NOT NULL THEN
                SET v_due_at = NEW.accepted_at + INTERVAL v_instant_seconds SECOND;
            ELSE
                -- A window ends where the next begins: the last one has no end and gives no answer.
                SELECT MAX(w.accepted_from)
                INTO v_last_from
                FROM settlement_windows AS w
                WHERE w.rail = NEW.rail;
                IF NEW.accepted_at < v_last_from THEN
                    SELECT MAX(w.accepted_from)
                    INTO v_accepted_from
                    FROM settlement_windows AS w
                    WHERE w.rail = NEW.rail AND w.accepted_from <= NEW.accepted_at;
                    SELECT MAX(w.due_at)
                    INTO v_due_at
                    FROM settlement_windows AS w
                    WHERE w.rail = NEW.rail AND w.accepted_from = v_accepted_from;
                END IF;
            END IF;
            -- end
            IF v_due_at IS NULL THEN
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30010,
                    MESSAGE_TEXT = 'settlements: no due time, unknown rail or calendar not built';
            END IF;
            SET NEW.due_at = v_due_at;
        END;
    END IF;
    IF NEW.base_amount IS NULL
        OR (NEW.base_amount <=> OLD.base_amount
            AND (NEW.settlement_amount <> OLD.settlement_amount
                OR NEW.currency <> OLD.currency
                OR DATE(NEW.accepted_at) <> DATE(OLD.accepted_at)))
    THEN
        BEGIN
            -- Wider than the column, so that it is refused by name.
            DECLARE v_base_amount DECIMAL(38,4);
            DECLARE v_rate DECIMAL(18,9);
            DECLARE v_is_base TINYINT;
            -- text fx_rate: currency = NEW.currency; date = DATE(NEW.accepted_at)
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
                    WHERE r.currency = NEW.currency AND r.rate_date <= DATE(NEW.accepted_at)
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
            SET v_base_amount = ROUND(NEW.settlement_amount * v_rate, 4);
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
