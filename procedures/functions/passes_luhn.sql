DELIMITER $$

CREATE OR REPLACE FUNCTION passes_luhn(
    in_digits VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
RETURNS TINYINT
LANGUAGE SQL
DETERMINISTIC
NO SQL
COMMENT '1 when digits pass the check of payment card numbers (ISO/IEC 7812-1, annex B), else 0;
NULL for NULL.
Example: SELECT passes_luhn(''4111111111111111'')'
BEGIN
    DECLARE v_position INT DEFAULT CHAR_LENGTH(in_digits);
    DECLARE v_is_doubled TINYINT DEFAULT 0;
    DECLARE v_sum INT DEFAULT 0;
    DECLARE v_digit INT;

    IF in_digits IS NULL THEN
        RETURN NULL;
    END IF;
    WHILE v_position > 0 DO
        SET v_digit = ASCII(SUBSTR(in_digits, v_position, 1)) - 48;
        SET v_digit = v_digit * (1 + v_is_doubled);
        SET v_sum = v_sum + IF(v_digit > 9, v_digit - 9, v_digit);
        SET v_is_doubled = 1 - v_is_doubled;
        SET v_position = v_position - 1;
    END WHILE;
    RETURN v_sum MOD 10 = 0;
END$$

DELIMITER ;
