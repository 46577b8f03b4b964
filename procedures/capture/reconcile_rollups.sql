DELIMITER $$

CREATE OR REPLACE PROCEDURE reconcile_rollups(
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Recomputes the rollups of the UTC days in_from to in_to from the base tables and returns
the differences: none when all is well. Changes that are captured and not yet applied, or were set
aside, are no difference. The cost depends on the days that payments, settlements, logins or
rollups have, not on the length of the range.
Result: rollup, key, counts expected and found, names of the columns that differ;
    @payops_rollup_differences holds their number.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 range.
Transaction: owns one a day, changes nothing.
Example: CALL reconcile_rollups(''2026-11-01'', ''2026-11-30'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_detail_from DATE;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_date DATE;
    DECLARE v_window_end DATE;

    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'reconcile_rollups: in_from and in_to are not a range of days';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'reconcile_rollups: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    DROP TEMPORARY TABLE IF EXISTS rollup_differences;
    CREATE TEMPORARY TABLE rollup_differences (
        rollup_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        period_start DATETIME NULL,
        member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        histogram_bin SMALLINT NULL,
        expected_count BIGINT NOT NULL,
        actual_count BIGINT NOT NULL,
        different_columns VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;

    CALL describe_rollups();

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL drop_rollup_batches();
            DROP TEMPORARY TABLE IF EXISTS rollup_differences, rollup_shapes;
            CALL log_routine_error('reconcile_rollups', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL list_rollup_days(in_from, in_to);
        COMMIT;
        SELECT MIN(d.rollup_date) INTO v_date FROM rollup_days AS d;
        WHILE v_date IS NOT NULL DO
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            -- Nobody changes rollups meanwhile; writers of payments go on.
            CALL lock_rollup_state();
            CALL create_rollup_batches();
            CALL collect_rollup_day(v_date);
            CALL aggregate_rollup_batches(v_detail_from);
            CALL compare_rollup_day(v_date);
            COMMIT;
            SELECT MIN(d.rollup_date)
            INTO v_date
            FROM rollup_days AS d
            WHERE d.rollup_date > v_date;
        END WHILE;
        CALL drop_rollup_batches();

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL lock_rollup_state();
        SET v_window_end = (SELECT window_end_date FROM rollup_state WHERE state_id = 1);
        CALL compare_rollup(
            'account_window',
            'account_id',
            CONCAT(
                'account_day WHERE activity_date BETWEEN DATE''', v_window_end,
                ''' - INTERVAL 29 DAY AND DATE''', v_window_end, ''''),
            '1 = 1');
        CALL compare_rollup(
            'customer_window',
            'a.customer_id',
            'account_window AS w INNER JOIN accounts AS a ON a.account_id = w.account_id',
            '1 = 1');
        COMMIT;
    END;

    SET @payops_rollup_differences = (SELECT COUNT(*) FROM rollup_differences);
    SELECT
        rollup_name,
        dimension,
        period_start,
        member,
        histogram_bin,
        expected_count,
        actual_count,
        different_columns
    FROM rollup_differences
    ORDER BY rollup_name, period_start, dimension, member, histogram_bin;
    DROP TEMPORARY TABLE rollup_differences, rollup_shapes;
    -- On MySQL, with autocommit off, reading and dropping temporary tables opened a transaction.
    COMMIT;
END$$

DELIMITER ;
