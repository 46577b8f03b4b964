DELIMITER $$
CREATE OR REPLACE PROCEDURE finish_import(
    IN in_import_id BIGINT,
    IN in_state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_file_checksum VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_error_message VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Closes an import and frees its source.
Parameters:
    in_import_id: import that is running
    in_state: completed, failed or interrupted
    in_file_checksum: FNV-1a 64 of the bytes read, hexadecimal, or NULL
    in_error_message: why it failed, or NULL
Result set: the counts of the run.
Errors: 30801 inside a transaction; 30802 when no such import is running.
Transaction: one statement.
Example: CALL finish_import(1, ''completed'', ''cbf29ce484222325'', NULL);'
BEGIN
    DECLARE v_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    IF @@in_transaction = 1 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30801,
            MESSAGE_TEXT = 'finish_import: a transaction is open';
    END IF;
    UPDATE import_runs AS r
    SET r.state = in_state,
        r.file_checksum = in_file_checksum,
        r.error_message = in_error_message,
        r.finished_at = UTC_TIMESTAMP()
    WHERE r.import_id = in_import_id
        AND r.state = 'running';
    IF ROW_COUNT() <> 1 THEN
        SET v_message = LEFT(CONCAT(
            'finish_import: no such import is running (',
            COALESCE(in_import_id, 'NULL'), ')'), 128);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30802, MESSAGE_TEXT = v_message;
    END IF;
    SET v_source_name = (
        SELECT r.source_name
        FROM import_runs AS r
        WHERE r.import_id = in_import_id
    );
    DO RELEASE_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 16), '.import.', v_source_name));
    SELECT
        r.read_count AS read_count,
        r.loaded_count AS loaded_count,
        r.updated_count AS updated_count,
        r.duplicate_count AS duplicate_count,
        r.quarantined_count AS quarantined_count
    FROM import_runs AS r
    WHERE r.import_id = in_import_id;
END$$
DELIMITER ;
