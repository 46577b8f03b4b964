DELIMITER $$

CREATE OR REPLACE PROCEDURE check_minor_unit(
    IN in_amount DECIMAL(19,4),
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Refuses an amount with more decimal digits than the smallest unit of its currency has
(currencies.minor_unit): half a yen, a tenth of a cent.
Parameters:
    in_amount: NULL passes
Errors: 30002 the currency is unknown, 30406 the amount is finer.
Transaction: none'
BEGIN
    DECLARE v_minor_unit TINYINT;

    SELECT c.minor_unit
    INTO v_minor_unit
    FROM currencies AS c
    WHERE c.currency = in_currency;

    IF v_minor_unit IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_minor_unit: the currency is unknown';
    END IF;
    IF in_amount <> TRUNCATE(in_amount, v_minor_unit) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30406,
            MESSAGE_TEXT = 'check_minor_unit: the amount is finer than the smallest unit of its currency';
    END IF;
END$$

DELIMITER ;
