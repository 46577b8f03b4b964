DELIMITER $$
CREATE OR REPLACE PROCEDURE import_counts(
    IN in_import_id BIGINT,
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_target VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Applies staged counts per minute: new minutes are loaded, other counts update, equal ones
are duplicates, a second and different count of the same file is refused.
Parameters:
    in_import_id: import that is running
    in_first_record, in_last_record: staged records
    in_source_name: source of the counts
    in_target: imported_status_counts or imported_response_code_counts
Result set: the counts of the batch.
Errors: 30804 without a transaction; 30805 for another target; 30802, 30803 from
    finish_import_batch.
Transaction: joins.
Example: CALL import_counts(1, 1, 50000, ''cloudwalk'', ''imported_status_counts'');'
BEGIN
    DECLARE v_is_status TINYINT DEFAULT in_target = 'imported_status_counts';
    IF @@in_transaction = 0 THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30804,
            MESSAGE_TEXT = 'import_counts: no transaction is open';
    END IF;
    IF COALESCE(in_target, '') NOT IN ('imported_status_counts', 'imported_response_code_counts')
    THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30805,
            MESSAGE_TEXT = 'import_counts: unknown target';
    END IF;

    IF v_is_status THEN
        UPDATE import_staged_counts AS s
        LEFT JOIN import_states AS m ON m.source_status = s.member
        SET s.state = m.state,
            s.column_name = IF(m.state IS NULL, 'member', NULL),
            s.reason = IF(m.state IS NULL, 'the status is not in the state mapping', NULL)
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.reason IS NULL;
    END IF;

    UPDATE import_staged_counts AS s
    SET s.column_name = 'metric_minute',
        s.reason = 'the time is not from 1990 to 2099'
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL
        AND s.metric_minute NOT BETWEEN '1990-01-01' AND '2099-12-31 23:59:59';

    UPDATE import_staged_counts AS s
    SET s.external_id = CONCAT(s.metric_minute, '|', s.member)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;

    DELETE FROM import_turns;
    INSERT INTO import_turns (record_number, turn)
    SELECT
        x.record_number,
        ROW_NUMBER() OVER (PARTITION BY x.external_id ORDER BY x.record_number)
    FROM import_staged_counts AS x
    WHERE x.record_number BETWEEN in_first_record AND in_last_record
        AND x.reason IS NULL;
    UPDATE import_staged_counts AS s
    INNER JOIN import_turns AS n ON n.record_number = s.record_number
    LEFT JOIN import_keys AS k ON k.external_id = s.external_id
    SET s.outcome = IF(n.turn > 1 OR k.external_id IS NOT NULL, 'repeat', 'first');

    IF v_is_status THEN
        UPDATE import_staged_counts AS s
        LEFT JOIN imported_status_counts AS t
            ON t.source_name = in_source_name
            AND t.metric_minute = s.metric_minute
            AND t.source_status = s.member
        SET s.outcome = CASE
            WHEN t.source_name IS NULL THEN 'loaded'
            WHEN t.payment_count = s.payment_count AND t.state = s.state THEN 'duplicate'
            ELSE 'updated'
        END
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'first';
        INSERT INTO imported_status_counts (
            source_name, metric_minute, source_status, state, payment_count
        )
        SELECT
            in_source_name,
            s.metric_minute,
            s.member,
            s.state,
            s.payment_count
        FROM import_staged_counts AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome IN ('loaded', 'updated')
        ORDER BY s.record_number
        ON DUPLICATE KEY UPDATE
            state = VALUES(state),
            payment_count = VALUES(payment_count);
        UPDATE import_staged_counts AS s
        LEFT JOIN imported_status_counts AS t
            ON t.source_name = in_source_name
            AND t.metric_minute = s.metric_minute
            AND t.source_status = s.member
            AND t.payment_count = s.payment_count
        SET s.outcome = IF(t.source_name IS NULL, NULL, 'duplicate'),
            s.reason = IF(
                t.source_name IS NULL,
                'contradicts an earlier record of this file with the same key',
                NULL
            )
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'repeat';
    ELSE
        UPDATE import_staged_counts AS s
        LEFT JOIN imported_response_code_counts AS t
            ON t.source_name = in_source_name
            AND t.metric_minute = s.metric_minute
            AND t.response_code = s.member
        SET s.outcome = CASE
            WHEN t.source_name IS NULL THEN 'loaded'
            WHEN t.payment_count = s.payment_count THEN 'duplicate'
            ELSE 'updated'
        END
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'first';
        INSERT INTO imported_response_code_counts (
            source_name, metric_minute, response_code, payment_count
        )
        SELECT
            in_source_name,
            s.metric_minute,
            s.member,
            s.payment_count
        FROM import_staged_counts AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome IN ('loaded', 'updated')
        ORDER BY s.record_number
        ON DUPLICATE KEY UPDATE
            payment_count = VALUES(payment_count);
        UPDATE import_staged_counts AS s
        LEFT JOIN imported_response_code_counts AS t
            ON t.source_name = in_source_name
            AND t.metric_minute = s.metric_minute
            AND t.response_code = s.member
            AND t.payment_count = s.payment_count
        SET s.outcome = IF(t.source_name IS NULL, NULL, 'duplicate'),
            s.reason = IF(
                t.source_name IS NULL,
                'contradicts an earlier record of this file with the same key',
                NULL
            )
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'repeat';
    END IF;

    INSERT INTO import_outcomes (
        record_number, line_number, external_id, outcome, column_name, reason, raw_line
    )
    SELECT
        s.record_number,
        s.line_number,
        s.external_id,
        s.outcome,
        s.column_name,
        s.reason,
        IF(s.reason IS NULL, NULL, s.raw_line)
    FROM import_staged_counts AS s
    WHERE s.record_number BETWEEN in_first_record AND in_last_record;
    CALL finish_import_batch(in_import_id);
END$$
DELIMITER ;
