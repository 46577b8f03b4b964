DELIMITER $$

CREATE OR REPLACE FUNCTION cron_field_is_valid(
    in_field VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    in_least INT,
    in_greatest INT,
    in_names VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin,
    in_is_day TINYINT
)
RETURNS TINYINT
DETERMINISTIC
NO SQL
COMMENT 'Whether a text is one field of a cron expression: numbers from in_least to in_greatest,
names (in_names, the first of which is in_least), ranges a-b, steps */n, a/n and a-b/n, joined by
commas.
Parameters:
    in_is_day: ? is allowed, too; 2 for the day of the month, which may be L'
BEGIN
    DECLARE v_rest VARCHAR(129) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT CONCAT(UPPER(in_field), ',');
    DECLARE v_part VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_range VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_first VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_last VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin;

    IF in_field IS NULL OR in_field = '' THEN
        RETURN FALSE;
    END IF;
    WHILE v_rest <> '' DO
        SET v_part = SUBSTRING_INDEX(v_rest, ',', 1);
        SET v_rest = SUBSTRING(v_rest, LENGTH(v_part) + 2);
        IF NOT (v_part = 'L' AND in_is_day = 2) THEN
            SET v_range = SUBSTRING_INDEX(v_part, '/', 1);
            IF LENGTH(v_range) < LENGTH(v_part)
                AND SUBSTRING(v_part, LENGTH(v_range) + 2) NOT REGEXP '^0*[1-9][0-9]{0,8}$'
            THEN
                RETURN FALSE;
            END IF;
            IF NOT (v_range = '*' OR (v_range = '?' AND in_is_day > 0)) THEN
                SET v_first = SUBSTRING_INDEX(v_range, '-', 1);
                SET v_last = IF(
                    LENGTH(v_first) < LENGTH(v_range),
                    SUBSTRING(v_range, LENGTH(v_first) + 2),
                    v_first);
                IF FIND_IN_SET(v_first, in_names) > 0 THEN
                    SET v_first = FIND_IN_SET(v_first, in_names) - 1 + in_least;
                END IF;
                IF FIND_IN_SET(v_last, in_names) > 0 THEN
                    SET v_last = FIND_IN_SET(v_last, in_names) - 1 + in_least;
                END IF;
                IF v_first NOT REGEXP '^0*[0-9]{1,9}$'
                    OR v_last NOT REGEXP '^0*[0-9]{1,9}$'
                    OR CAST(v_first AS SIGNED) < in_least
                    OR CAST(v_last AS SIGNED) > in_greatest
                    OR CAST(v_first AS SIGNED) > CAST(v_last AS SIGNED)
                THEN
                    RETURN FALSE;
                END IF;
            END IF;
        END IF;
    END WHILE;
    RETURN TRUE;
END$$

DELIMITER ;
