DELIMITER $$

CREATE OR REPLACE PROCEDURE check_rollups(
    IN in_days INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Proves the rollups of the last in_days UTC days, today not included, against the base
tables; raises the alert rollups_differ when they do not agree and resolves it when they do.
Result: that of reconcile_rollups.
Errors: 30001 open transaction, 30002 argument.
Transaction: owns.
Example: CALL check_rollups(2)'
BEGIN
    IF NOT COALESCE(in_days BETWEEN 1 AND 3660, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_rollups: in_days is not 1 to 3660';
    END IF;
    CALL reconcile_rollups(
        DATE(UTC_TIMESTAMP()) - INTERVAL in_days DAY, DATE(UTC_TIMESTAMP()) - INTERVAL 1 DAY);
    SET @payops_job_rows = @payops_rollup_differences;
    IF @payops_rollup_differences > 0 THEN
        CALL raise_alert(
            'rollups_differ', 'rollups', 'CRITICAL',
            CONCAT(
                @payops_rollup_differences, ' differences in the last ', in_days,
                ' days: run payops reconcile'));
    ELSE
        CALL resolve_alert('rollups_differ', 'rollups');
    END IF;
END$$

DELIMITER ;
