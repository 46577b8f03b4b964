DELIMITER $$
CREATE OR REPLACE PROCEDURE insert_staged_settlements(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Inserts the staged settlements with the outcome loaded and keeps their keys; part of
import_settlements. One by one, with VALUES: the server would hold the counter of the keys until
the end of an INSERT from a SELECT, and whoever writes settlements would wait.
Parameters:
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL insert_staged_settlements(1, 5000, ''cards'');'
BEGIN
    DECLARE v_left BIGINT;
    DECLARE v_record_number BIGINT;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_settlement_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_settlement_amount DECIMAL(19,4);
    DECLARE v_currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_base_amount DECIMAL(19,4);
    DECLARE v_accepted_at DATETIME;
    DECLARE v_due_at DATETIME;
    DECLARE v_settlement_date DATETIME;
    DECLARE loaded CURSOR FOR
        SELECT
            s.record_number,
            s.transaction_id,
            s.rail,
            s.settlement_status,
            s.settlement_amount,
            s.currency,
            s.base_amount,
            s.accepted_at,
            s.due_at,
            s.settlement_date
        FROM import_staged_settlements AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
        ORDER BY s.record_number;
    SET v_left = (
        SELECT COUNT(*)
        FROM import_staged_settlements AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
    );
    OPEN loaded;
    WHILE v_left > 0 DO
        FETCH loaded INTO
            v_record_number,
            v_transaction_id,
            v_rail,
            v_settlement_status,
            v_settlement_amount,
            v_currency,
            v_base_amount,
            v_accepted_at,
            v_due_at,
            v_settlement_date;
        INSERT INTO settlements (
            transaction_id,
            rail,
            settlement_status,
            settlement_amount,
            currency,
            base_amount,
            accepted_at,
            due_at,
            settlement_date
        ) VALUES (
            v_transaction_id,
            v_rail,
            COALESCE(v_settlement_status, 'pending'),
            v_settlement_amount,
            v_currency,
            v_base_amount,
            v_accepted_at,
            v_due_at,
            v_settlement_date
        );
        INSERT INTO import_new_rows (record_number, internal_id)
        VALUES (v_record_number, LAST_INSERT_ID());
        SET v_left = v_left - 1;
    END WHILE;
    CLOSE loaded;
    -- The order is fixed: the server knows nothing of the sizes of new tables.
    INSERT INTO external_references (source_name, entity, external_id, internal_id)
    SELECT
        in_source_name,
        'settlement',
        s.external_id,
        n.internal_id
    FROM import_new_rows AS n
    STRAIGHT_JOIN import_staged_settlements AS s FORCE INDEX (PRIMARY)
        ON s.record_number = n.record_number
    ORDER BY s.external_id;
    DELETE FROM import_new_rows;
END$$
DELIMITER ;
