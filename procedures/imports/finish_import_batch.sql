DELIMITER $$
CREATE OR REPLACE PROCEDURE finish_import_batch(
    IN in_import_id BIGINT
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Keeps the keys of a batch for the rest of its import, moves what was refused into the
quarantine, and counts what became of each record; the end of every procedure that applies a batch,
and has put its records into import_outcomes.
Parameters:
    in_import_id: import that is running
Result set: the counts of the batch.
Errors: 30802 when no such import is running; 30803 when the counts do not add up.
Transaction: joins.
Example: CALL finish_import_batch(1);'
BEGIN
    DECLARE v_read BIGINT;
    DECLARE v_loaded BIGINT DEFAULT 0;
    DECLARE v_updated BIGINT DEFAULT 0;
    DECLARE v_duplicate BIGINT DEFAULT 0;
    DECLARE v_refused BIGINT DEFAULT 0;

    INSERT IGNORE INTO import_keys (external_id, occurrence_count)
    SELECT
        o.external_id,
        1
    FROM import_outcomes AS o
    WHERE o.reason IS NULL
        AND o.external_id IS NOT NULL
    ORDER BY o.external_id;

    INSERT INTO import_quarantine (import_id, line_number, column_name, reason, raw_line)
    SELECT
        in_import_id,
        o.line_number,
        COALESCE(f.file_column, o.column_name),
        o.reason,
        o.raw_line
    FROM import_outcomes AS o
    LEFT JOIN import_columns AS f ON f.target_column = o.column_name
    WHERE o.reason IS NOT NULL
    ORDER BY o.record_number;

    SELECT
        COUNT(*),
        COALESCE(SUM(o.reason IS NULL AND o.outcome = 'loaded'), 0),
        COALESCE(SUM(o.reason IS NULL AND o.outcome = 'updated'), 0),
        COALESCE(SUM(o.reason IS NULL AND o.outcome = 'duplicate'), 0),
        COALESCE(SUM(o.reason IS NOT NULL), 0)
    INTO v_read, v_loaded, v_updated, v_duplicate, v_refused
    FROM import_outcomes AS o;
    DELETE FROM import_outcomes;
    CALL add_import_counts(in_import_id, v_read, v_loaded, v_updated, v_duplicate, v_refused);
END$$
DELIMITER ;
