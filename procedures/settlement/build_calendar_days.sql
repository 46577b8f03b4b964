DELIMITER $$

CREATE OR REPLACE PROCEDURE build_calendar_days(
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Builds calendar_days of every calendar for the days in_from to in_to from calendars and
calendar_holidays; the same in_from every time keeps business_day_number comparable.
Result: rows built.
Errors: 30001 open transaction, 30002 range.
Transaction: owns.
Example: CALL build_calendar_days(''2018-01-01'', ''2035-12-31'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_rows BIGINT;

    -- Days are counted up from digits, of which there are five.
    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from OR DATEDIFF(in_to, in_from) > 99999 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'build_calendar_days: in_from and in_to are not a range of days';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'build_calendar_days: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('build_calendar_days', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        START TRANSACTION;
        DELETE FROM calendar_days;
        INSERT INTO calendar_days (
            calendar_name,
            calendar_date,
            is_business_day,
            business_day_number,
            holiday_name
        )
        WITH digits AS (
            SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
            UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7
            UNION ALL SELECT 8 UNION ALL SELECT 9
        ),
        days AS (
            SELECT in_from + INTERVAL (
                e.d * 10000 + t.d * 1000 + h.d * 100 + z.d * 10 + u.d) DAY AS calendar_date
            FROM digits AS e
            STRAIGHT_JOIN digits AS t
                ON e.d * 10000 + t.d * 1000 <= DATEDIFF(in_to, in_from)
            STRAIGHT_JOIN digits AS h
                ON e.d * 10000 + t.d * 1000 + h.d * 100 <= DATEDIFF(in_to, in_from)
            STRAIGHT_JOIN digits AS z
            STRAIGHT_JOIN digits AS u
                ON e.d * 10000 + t.d * 1000 + h.d * 100 + z.d * 10 + u.d
                    <= DATEDIFF(in_to, in_from)
        ),
        classified AS (
            SELECT
                c.calendar_name,
                d.calendar_date,
                IF(h.holiday_name IS NOT NULL
                    OR (DAYOFWEEK(d.calendar_date) = 7 AND c.saturday_is_business = 0)
                    OR (DAYOFWEEK(d.calendar_date) = 1 AND c.sunday_is_business = 0),
                    0, 1) AS is_business_day,
                h.holiday_name
            FROM calendars AS c
            CROSS JOIN days AS d
            LEFT JOIN calendar_holidays AS h
                ON h.calendar_name = c.calendar_name AND h.holiday_date = d.calendar_date
        )
        SELECT
            k.calendar_name,
            k.calendar_date,
            k.is_business_day,
            SUM(k.is_business_day) OVER (
                PARTITION BY k.calendar_name ORDER BY k.calendar_date),
            k.holiday_name
        FROM classified AS k;
        SET v_rows = ROW_COUNT();
        COMMIT;
    END;

    SELECT v_rows AS built_rows;
END$$

DELIMITER ;
