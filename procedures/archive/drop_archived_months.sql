DELIMITER $$

CREATE OR REPLACE PROCEDURE drop_archived_months(
    OUT out_dropped INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Drops the payments and settlements of archived months that are older than the setting
archive_keep_months; 0 keeps them for ever. Rollups stay.
Errors: 30002 setting, 30602 the run was replaced, 30606 read-only server.
Helper: commits'
BEGIN
    DECLARE v_keep INT DEFAULT (
        SELECT CAST(g.setting_value AS SIGNED)
        FROM settings AS g
        WHERE g.setting_name = 'archive_keep_months'
    );
    DECLARE v_month DATE;
    DECLARE v_suffix CHAR(7) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    SET out_dropped = 0;
    IF NOT COALESCE(v_keep >= 0, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'drop_archived_months: archive_keep_months is not 0 or more';
    END IF;
    IF v_keep > 0 THEN
        months: LOOP
            SET v_month = (
                SELECT MIN(m.month_start)
                FROM archive_months AS m
                WHERE m.archive_state = 'archived'
                    AND m.month_start
                        < DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-01') - INTERVAL v_keep MONTH
            );
            IF v_month IS NULL THEN
                LEAVE months;
            END IF;
            -- A change of a table ends the transaction: what is said of the month comes after it,
            -- and a call that was cut in between drops what is left.
            START TRANSACTION;
            CALL check_job_fence();
            COMMIT;
            SET v_suffix = CONCAT('p', DATE_FORMAT(v_month, '%Y%m'));
            EXECUTE IMMEDIATE CONCAT(
                'ALTER TABLE settlements_archive DROP PARTITION IF EXISTS ', v_suffix);
            EXECUTE IMMEDIATE CONCAT(
                'ALTER TABLE transactions_archive DROP PARTITION IF EXISTS ', v_suffix);
            START TRANSACTION;
            CALL check_job_fence();
            UPDATE archive_months
            SET
                archive_state = 'dropped',
                dropped_at = UTC_TIMESTAMP()
            WHERE month_start = v_month;
            COMMIT;
            SET out_dropped = out_dropped + 1;
        END LOOP;
    END IF;
END$$

DELIMITER ;
