DELIMITER $$

CREATE OR REPLACE FUNCTION mask_middle(
    in_text VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_first INT,
    in_last INT
)
RETURNS VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
LANGUAGE SQL
DETERMINISTIC
NO SQL
COMMENT 'A text with nothing but its in_first first and in_last last characters, *** between them;
*** alone where these would be more than half of it; NULL for NULL.
Example: SELECT mask_middle(''DE89370400440532013000'', 2, 4)'
BEGIN
    RETURN IF(
        CHAR_LENGTH(in_text) < 2 * (in_first + in_last), '***',
        CONCAT(LEFT(in_text, in_first), '***', RIGHT(in_text, in_last)));
END$$

DELIMITER ;
