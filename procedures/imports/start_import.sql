DELIMITER $$
CREATE OR REPLACE PROCEDURE start_import(
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_file_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_mapping_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Registers an import and reserves its source for this connection. Runs of the same source
that are still marked as running were killed, since the reservation was free: they become
interrupted.
Parameters:
    in_source_name: source system
    in_file_name: file without its folder
    in_mapping_name: mapping
Result set: import_id.
Errors: 30800 when another connection imports from the same source; 30801 inside a transaction.
Transaction: owns one.
Example: CALL start_import(''cards'', ''fraud_transactions.csv.gz'', ''cards'');'
BEGIN
    DECLARE v_import_id BIGINT;
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    IF @@in_transaction = 1 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30801,
            MESSAGE_TEXT = 'start_import: a transaction is open';
    END IF;
    IF COALESCE(
        GET_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 16), '.import.', in_source_name), 0), 0) <> 1
    THEN
        SET v_message = LEFT(CONCAT(
            'start_import: another import of source ', in_source_name, ' is running'), 128);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30800, MESSAGE_TEXT = v_message;
    END IF;
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            ROLLBACK;
            DO RELEASE_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 16), '.import.', in_source_name));
            RESIGNAL;
        END;
        START TRANSACTION;
        UPDATE import_runs AS r
        SET r.state = 'interrupted',
            r.finished_at = UTC_TIMESTAMP(),
            r.error_message = 'the importing program ended without finishing'
        WHERE r.source_name = in_source_name
            AND r.state = 'running';
        INSERT INTO import_runs (file_name, source_name, mapping_name, state, started_at)
        VALUES (in_file_name, in_source_name, in_mapping_name, 'running', UTC_TIMESTAMP());
        SET v_import_id = LAST_INSERT_ID();
        COMMIT;
    END;
    SELECT v_import_id AS import_id;
END$$
DELIMITER ;
