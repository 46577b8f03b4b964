DELIMITER $$

CREATE OR REPLACE PROCEDURE check_integrity(
    OUT out_finding_count BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Reads every view that must be empty and keeps what it found in integrity_checks, one
transaction a view.
Result: rows found in all; a view that cannot be read counts as one.
Errors: 30001 open transaction, 30014 a setting of the session.
Transaction: owns.
Example: CALL check_integrity(@findings); SELECT * FROM ops_integrity_checks WHERE is_clean = 0'
BEGIN
    DECLARE v_view VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_error VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_began DATETIME(6);
    DECLARE c_views CURSOR FOR
        SELECT DISTINCT d.source_view
        FROM kpi_definitions AS d
        WHERE d.subject = 'integrity'
        ORDER BY d.source_view;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'check_integrity: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    SET out_finding_count = 0;
    OPEN c_views;
    views: LOOP
        FETCH c_views INTO v_view;
        IF v_is_done THEN
            LEAVE views;
        END IF;
        SET v_error = NULL;
        SET v_began = UTC_TIMESTAMP(6);
        SET @payops_integrity_count = NULL;
        BEGIN
            -- One view that is broken must not hide what the others find.
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                CALL read_error(v_errno, v_state, v_error);
            END;
            SET @payops_integrity_sql = CONCAT(
                'SELECT COUNT(*) INTO @payops_integrity_count FROM `', v_view, '`');
            PREPARE payops_integrity FROM @payops_integrity_sql;
            EXECUTE payops_integrity;
            DEALLOCATE PREPARE payops_integrity;
        END;
        SET out_finding_count = out_finding_count + COALESCE(@payops_integrity_count, 1);

        INSERT INTO integrity_checks (
            view_name,
            finding_count,
            error_message,
            found_since,
            checked_at,
            check_ms
        ) VALUES (
            v_view,
            @payops_integrity_count,
            v_error,
            IF(@payops_integrity_count = 0, NULL, v_began),
            v_began,
            TIMESTAMPDIFF(MICROSECOND, v_began, UTC_TIMESTAMP(6)) DIV 1000
        )
        ON DUPLICATE KEY UPDATE
            finding_count = VALUES(finding_count),
            error_message = VALUES(error_message),
            found_since = IF(
                VALUES(found_since) IS NULL, NULL, COALESCE(found_since, VALUES(found_since))),
            checked_at = VALUES(checked_at),
            check_ms = VALUES(check_ms);
        IF @@in_transaction THEN
            COMMIT;
        END IF;
    END LOOP;
    CLOSE c_views;

    DELETE FROM integrity_checks
    WHERE view_name NOT IN (
        SELECT d.source_view
        FROM kpi_definitions AS d
        WHERE d.subject = 'integrity'
    );
    IF @@in_transaction THEN
        COMMIT;
    END IF;
END$$

DELIMITER ;
