DELIMITER $$

CREATE OR REPLACE PROCEDURE build_settlement_windows(
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Builds settlement_windows for value dates from in_from to
Parameters:
    in_to: a payment accepted after the cut-off of one business day and up to that of the next has
        the latter as value date and is due n business days later
Result: rows built.
Errors: 30001 open transaction, 30002 range, 30008 calendar not built.
Transaction: owns.
Example: CALL build_settlement_windows(''2018-01-01'', ''2035-12-31'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_rows BIGINT;

    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'build_settlement_windows: in_from and in_to are not a range of days';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'build_settlement_windows: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('build_settlement_windows', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        START TRANSACTION;
        IF EXISTS (
            SELECT 1
            FROM rails AS r
            WHERE r.instant_seconds IS NULL
                AND 2 > (
                    SELECT COUNT(*)
                    FROM calendar_days AS d
                    WHERE d.calendar_name = r.calendar_name AND d.calendar_date IN (in_from, in_to)
                ) + (in_from = in_to)
        ) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30008,
                MESSAGE_TEXT =
                    'build_settlement_windows: calendar_days does not reach from in_from to in_to';
        END IF;
        DELETE FROM settlement_windows;
        -- local_to_utc for all days at once: 60,000 calls, or a subquery for each day, took several
        -- times as long. The year is compared before the instants, which are computed for each pair. A
        -- zone without an offset gives NULL, which the table refuses.
        -- The order of the joins and the index are fixed: right after the calendar was built the
        -- optimizer has no statistics and reads a whole calendar for every day.
        INSERT INTO settlement_windows (
            rail,
            accepted_from,
            value_date,
            due_at
        )
        WITH local_offsets AS (
            SELECT
                o.time_zone,
                o.offset_seconds,
                o.valid_from + INTERVAL o.offset_seconds SECOND AS local_from,
                COALESCE(
                    LEAD(o.valid_from + INTERVAL o.offset_seconds SECOND)
                        OVER (PARTITION BY o.time_zone ORDER BY o.valid_from),
                    TIMESTAMP'9999-12-31 00:00:00') AS local_to
            FROM time_zone_offsets AS o
        ),
        offsets_of_years AS (
            SELECT DISTINCT
                y.local_year,
                l.time_zone,
                l.offset_seconds,
                l.local_from,
                l.local_to
            FROM local_offsets AS l
            INNER JOIN (
                SELECT DISTINCT YEAR(c.calendar_date) AS local_year
                FROM calendar_days AS c
            ) AS y
                ON y.local_year BETWEEN YEAR(l.local_from) AND YEAR(l.local_to)
        )
        SELECT
            r.rail,
            TIMESTAMP(p.calendar_date, r.cut_off_time) - INTERVAL po.offset_seconds SECOND
                + INTERVAL 1 SECOND,
            v.calendar_date,
            TIMESTAMP(d.calendar_date, r.due_time) - INTERVAL du.offset_seconds SECOND
        FROM rails AS r
        STRAIGHT_JOIN calendar_days AS v
            ON v.calendar_name = r.calendar_name
            AND v.is_business_day = 1
            AND v.calendar_date BETWEEN in_from AND in_to
        STRAIGHT_JOIN calendar_days AS p FORCE INDEX (idx_calendar_days_number)
            ON p.calendar_name = r.calendar_name
            AND p.business_day_number = v.business_day_number - 1
            AND p.is_business_day = 1
        STRAIGHT_JOIN calendar_days AS d FORCE INDEX (idx_calendar_days_number)
            ON d.calendar_name = r.calendar_name
            AND d.business_day_number = v.business_day_number + r.settlement_lag_days
            AND d.is_business_day = 1
        LEFT JOIN offsets_of_years AS po
            ON po.time_zone = r.time_zone
            AND po.local_year = YEAR(p.calendar_date)
            AND po.local_from <= TIMESTAMP(p.calendar_date, r.cut_off_time)
            AND po.local_to > TIMESTAMP(p.calendar_date, r.cut_off_time)
        LEFT JOIN offsets_of_years AS du
            ON du.time_zone = r.time_zone
            AND du.local_year = YEAR(d.calendar_date)
            AND du.local_from <= TIMESTAMP(d.calendar_date, r.due_time)
            AND du.local_to > TIMESTAMP(d.calendar_date, r.due_time)
        WHERE r.instant_seconds IS NULL;
        SET v_rows = ROW_COUNT();
        COMMIT;
    END;

    SELECT v_rows AS built_rows;
END$$

DELIMITER ;
