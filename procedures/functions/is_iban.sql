DELIMITER $$

CREATE OR REPLACE FUNCTION is_iban(
    in_text VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
RETURNS TINYINT
LANGUAGE SQL
DETERMINISTIC
NO SQL
COMMENT '1 when a text, its blanks aside, has the form and the check digits of an IBAN (ISO 13616)
or of a creditor reference (ISO 11649, RF and check digits), else 0; NULL for NULL.
Example: SELECT is_iban(''DE89 3704 0044 0532 0130 00'')'
BEGIN
    DECLARE v_text VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT REPLACE(in_text, ' ', '');
    DECLARE v_position INT DEFAULT 1;
    DECLARE v_remainder INT DEFAULT 0;
    DECLARE v_code INT;

    IF v_text IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_text NOT REGEXP '^(?-i)[A-Z]{2}[0-9]{2}[A-Z0-9]{5,30}$' THEN
        RETURN 0;
    END IF;
    SET v_text = CONCAT(SUBSTR(v_text, 5), LEFT(v_text, 4));
    -- The remainder is taken digit by digit; a letter is a number of two digits.
    WHILE v_position <= CHAR_LENGTH(v_text) DO
        SET v_code = ASCII(SUBSTR(v_text, v_position, 1));
        SET v_remainder = IF(
            v_code >= 65,
            (v_remainder * 100 + v_code - 55) MOD 97,
            (v_remainder * 10 + v_code - 48) MOD 97);
        SET v_position = v_position + 1;
    END WHILE;
    RETURN v_remainder = 1;
END$$

DELIMITER ;
