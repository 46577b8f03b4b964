DELIMITER $$

CREATE OR REPLACE FUNCTION base_currency()
RETURNS CHAR(3) CHARACTER SET ascii COLLATE ascii_bin
DETERMINISTIC
READS SQL DATA
COMMENT 'Currency (ISO 4217) in which sums across currencies are kept; NULL when none is marked'
BEGIN
    RETURN (SELECT MIN(currency) FROM currencies WHERE is_base = 1);
END$$

DELIMITER ;
