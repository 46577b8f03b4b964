DELIMITER $$

CREATE OR REPLACE PROCEDURE watch_integrity()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Runs check_integrity and raises the alert integrity_broken for each view that is not empty
or cannot be read, and resolves it for the others.
Errors: 30001 open transaction.
Transaction: owns.
Example: CALL watch_integrity()'
BEGIN
    DECLARE v_view VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_count BIGINT;
    DECLARE v_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE c_checks CURSOR FOR
        SELECT
            i.view_name,
            i.finding_count,
            i.error_message
        FROM integrity_checks AS i;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    CALL check_integrity(@payops_job_rows);
    SET v_is_done = 0;
    OPEN c_checks;
    checks: LOOP
        FETCH c_checks INTO v_view, v_count, v_text;
        IF v_is_done THEN
            LEAVE checks;
        END IF;
        IF v_count = 0 THEN
            CALL resolve_alert('integrity_broken', v_view);
        ELSE
            CALL raise_alert(
                'integrity_broken', v_view, 'CRITICAL',
                LEFT(COALESCE(CONCAT(v_count, ' rows in ', v_view), v_text, 'unreadable'), 512));
        END IF;
    END LOOP;
    CLOSE c_checks;
END$$

DELIMITER ;
