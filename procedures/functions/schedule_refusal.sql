DELIMITER $$

CREATE OR REPLACE FUNCTION schedule_refusal(
    in_schedule VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin
)
RETURNS VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
DETERMINISTIC
READS SQL DATA
COMMENT 'Why a text is no schedule of a job; NULL when it is one: a cron expression of five fields,
or six with seconds, a nickname such as @daily, or every N with N in s, m, h or d'
BEGIN
    DECLARE v_text VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT TRIM(REGEXP_REPLACE(COALESCE(in_schedule, ''), ' +', ' '));
    DECLARE v_fields INT;

    IF SUBSTRING_INDEX(v_text, ' ', 1) = 'every' THEN
        IF v_text REGEXP '^every 0*[1-9][0-9]{0,8}[smhd]$'
            AND CAST(SUBSTRING(v_text, 7, LENGTH(v_text) - 7) AS SIGNED)
            <= 366 * 86400 DIV CASE RIGHT(v_text, 1)
                WHEN 's' THEN 1 WHEN 'm' THEN 60 WHEN 'h' THEN 3600 ELSE 86400
            END
        THEN
            RETURN NULL;
        END IF;
        RETURN 'an interval is written every 10s, 5m, 2h or 1d';
    END IF;
    IF LOWER(in_schedule) IN (
        '@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'
    ) THEN
        RETURN NULL;
    END IF;
    SET v_fields = LENGTH(v_text) - LENGTH(REPLACE(v_text, ' ', '')) + 1;
    IF v_text = '' OR v_fields NOT IN (5, 6) THEN
        RETURN 'a cron expression needs 5 fields, or 6 with seconds';
    END IF;
    IF v_fields = 5 THEN
        SET v_text = CONCAT('0 ', v_text);
    END IF;
    RETURN CASE
        WHEN NOT cron_field_is_valid(SUBSTRING_INDEX(v_text, ' ', 1), 0, 59, '', 0)
            THEN 'the second of the cron expression is wrong'
        WHEN NOT cron_field_is_valid(
            SUBSTRING_INDEX(SUBSTRING_INDEX(v_text, ' ', 2), ' ', -1), 0, 59, '', 0)
            THEN 'the minute of the cron expression is wrong'
        WHEN NOT cron_field_is_valid(
            SUBSTRING_INDEX(SUBSTRING_INDEX(v_text, ' ', 3), ' ', -1), 0, 23, '', 0)
            THEN 'the hour of the cron expression is wrong'
        WHEN NOT cron_field_is_valid(
            SUBSTRING_INDEX(SUBSTRING_INDEX(v_text, ' ', 4), ' ', -1), 1, 31, '', 2)
            THEN 'the day of the month of the cron expression is wrong'
        WHEN NOT cron_field_is_valid(
            SUBSTRING_INDEX(SUBSTRING_INDEX(v_text, ' ', 5), ' ', -1), 1, 12,
            'JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC', 0)
            THEN 'the month of the cron expression is wrong'
        WHEN NOT cron_field_is_valid(
            SUBSTRING_INDEX(v_text, ' ', -1), 0, 7, 'SUN,MON,TUE,WED,THU,FRI,SAT', 1)
            THEN 'the day of the week of the cron expression is wrong'
    END;
END$$

DELIMITER ;
