DELIMITER $$

CREATE OR REPLACE FUNCTION holds_card_number(
    in_text TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
RETURNS TINYINT
LANGUAGE SQL
DETERMINISTIC
NO SQL
COMMENT '1 when a text holds what may be the number of a payment card, else 0; NULL for NULL: 13 to
19 digits in whole groups, with single blanks or hyphens between groups, that pass the Luhn check.
Longer numbers, IBANs and creditor references do not count.
Example: SELECT holds_card_number(''card 4111 1111 1111 1111'')'
BEGIN
    DECLARE v_rest TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT in_text;
    DECLARE v_piece TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_groups TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_digits TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF in_text IS NULL THEN
        RETURN NULL;
    END IF;
    -- Hardly any text goes beyond this line.
    IF in_text NOT REGEXP '[0-9](?:[ -]?[0-9]){12}' THEN
        RETURN 0;
    END IF;

    -- Each account number with right check digits is cut out; its last groups may be words that
    -- follow it.
    SET v_piece = '';
    search: LOOP
        -- Nothing found is '' on MariaDB, NULL on MySQL.
        SET v_piece = COALESCE(REGEXP_SUBSTR(
            v_rest,
            '(?-i)(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){5,30}(?![A-Za-z0-9])'), '');
        IF v_piece = '' THEN
            LEAVE search;
        END IF;
        WHILE NOT is_iban(LEFT(v_piece, 64)) AND LOCATE(' ', v_piece) > 0 DO
            SET v_piece = LEFT(
                v_piece,
                CHAR_LENGTH(v_piece) - CHAR_LENGTH(SUBSTRING_INDEX(v_piece, ' ', -1)) - 1);
        END WHILE;
        -- One that is not right loses its first letter, so that the search continues behind it.
        SET v_rest = INSERT(
            v_rest, LOCATE(v_piece, v_rest), IF(is_iban(LEFT(v_piece, 64)), CHAR_LENGTH(v_piece), 1),
            '|');
    END LOOP;

    -- Runs of groups: of each, all that begin with its first group, then with its second.
    runs: LOOP
        SET v_groups = COALESCE(REGEXP_SUBSTR(v_rest, '[0-9]+(?:[ -][0-9]+)*'), '');
        IF v_groups = '' THEN
            RETURN 0;
        END IF;
        SET v_rest = SUBSTR(v_rest, LOCATE(v_groups, v_rest) + CHAR_LENGTH(v_groups));
        SET v_groups = REPLACE(v_groups, '-', ' ');
        WHILE v_groups <> '' DO
            SET v_piece = CONCAT(v_groups, ' ');
            SET v_digits = '';
            WHILE v_piece <> '' AND CHAR_LENGTH(v_digits) < 19 DO
                SET v_digits = CONCAT(v_digits, SUBSTRING_INDEX(v_piece, ' ', 1));
                SET v_piece = SUBSTR(v_piece, LOCATE(' ', v_piece) + 1);
                IF CHAR_LENGTH(v_digits) BETWEEN 13 AND 19 AND passes_luhn(v_digits) THEN
                    RETURN 1;
                END IF;
            END WHILE;
            SET v_groups = IF(
                LOCATE(' ', v_groups) > 0, SUBSTR(v_groups, LOCATE(' ', v_groups) + 1), '');
        END WHILE;
    END LOOP;
END$$

DELIMITER ;
