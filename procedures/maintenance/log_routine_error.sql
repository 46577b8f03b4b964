DELIMITER $$

CREATE OR REPLACE PROCEDURE log_routine_error(
    IN in_routine VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_errno INT,
    IN in_sql_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes a row into routine_errors that survives the rollback of the caller: call it after
ROLLBACK and before RESIGNAL. Never fails, so that the cause is not replaced'
BEGIN
    BEGIN
        -- A full disk or a read-only server must not hide the error that is being reported.
        DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;
        INSERT INTO routine_errors (
            routine_name,
            error_number,
            sql_state,
            error_message,
            failed_at
        ) VALUES (
            in_routine,
            COALESCE(in_errno, 0),
            COALESCE(in_sql_state, 'HY000'),
            COALESCE(in_message, ''),
            UTC_TIMESTAMP()
        );
        -- The caller has rolled back, so this row is alone in the transaction that a connection
        -- with autocommit off has just opened.
        IF @@autocommit = 0 THEN
            COMMIT;
        END IF;
    END;
END$$

DELIMITER ;
