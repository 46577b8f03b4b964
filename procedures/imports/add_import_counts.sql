DELIMITER $$
CREATE OR REPLACE PROCEDURE add_import_counts(
    IN in_import_id BIGINT,
    IN in_read_count BIGINT,
    IN in_loaded_count BIGINT,
    IN in_updated_count BIGINT,
    IN in_duplicate_count BIGINT,
    IN in_quarantined_count BIGINT
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Adds the outcome of a batch to its import; part of the procedures that apply batches.
Parameters:
    in_import_id: import that is running; the counts: records of the batch
Result set: the counts of the batch.
Errors: 30802 when no such import is running; 30803 when the counts do not add up.
Transaction: joins.
Example: CALL add_import_counts(1, 10, 8, 1, 0, 1);'
BEGIN
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    IF in_read_count IS NULL OR in_read_count
        <> in_loaded_count + in_updated_count + in_duplicate_count + in_quarantined_count
    THEN
        SET v_message = LEFT(CONCAT(
            'add_import_counts: the counts of the batch do not add up (import ',
            COALESCE(in_import_id, 'NULL'), ')'), 128);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30803, MESSAGE_TEXT = v_message;
    END IF;
    UPDATE import_runs AS r
    SET r.read_count = r.read_count + in_read_count,
        r.loaded_count = r.loaded_count + in_loaded_count,
        r.updated_count = r.updated_count + in_updated_count,
        r.duplicate_count = r.duplicate_count + in_duplicate_count,
        r.quarantined_count = r.quarantined_count + in_quarantined_count
    WHERE r.import_id = in_import_id
        AND r.state = 'running';
    IF in_read_count > 0 AND ROW_COUNT() <> 1 THEN
        SET v_message = LEFT(CONCAT(
            'add_import_counts: no such import is running (',
            COALESCE(in_import_id, 'NULL'), ')'), 128);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30802, MESSAGE_TEXT = v_message;
    END IF;
    SELECT
        in_read_count AS read_count,
        in_loaded_count AS loaded_count,
        in_updated_count AS updated_count,
        in_duplicate_count AS duplicate_count,
        in_quarantined_count AS quarantined_count;
END$$
DELIMITER ;
