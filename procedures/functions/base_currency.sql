DELIMITER $$

CREATE OR REPLACE FUNCTION base_currency()
RETURNS CHAR(3) CHARACTER SET ascii COLLATE ascii_bin
DETERMINISTIC
READS SQL DATA
COMMENT 'Currency (ISO 4217) in which sums across currencies are kept; NULL when none is marked'
BEGIN
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    -- SELECT INTO, for RETURN would lock the currencies of a caller that writes.
    SELECT MIN(c.currency)
    INTO v_currency
    FROM currencies AS c
    WHERE c.is_base = 1;
    RETURN v_currency;
END$$

DELIMITER ;
