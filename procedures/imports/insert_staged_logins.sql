DELIMITER $$
CREATE OR REPLACE PROCEDURE insert_staged_logins(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Inserts the staged logins with the outcome loaded and keeps their keys; part of
import_logins. One by one, with VALUES: the server would hold the counter of the keys until the end
of an INSERT from a SELECT, and whoever writes logins would wait.
Parameters:
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL insert_staged_logins(1, 5000, ''cards'');'
BEGIN
    DECLARE v_left BIGINT;
    DECLARE v_record_number BIGINT;
    DECLARE v_customer_id BIGINT;
    DECLARE v_login_time DATETIME;
    DECLARE v_login_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_ip_address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_device VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE loaded CURSOR FOR
        SELECT
            s.record_number,
            s.customer_id,
            s.login_time,
            s.login_status,
            s.ip_address,
            s.location,
            s.device
        FROM import_staged_logins AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
        ORDER BY s.record_number;
    SET v_left = (
        SELECT COUNT(*)
        FROM import_staged_logins AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
    );
    OPEN loaded;
    WHILE v_left > 0 DO
        FETCH loaded INTO
            v_record_number,
            v_customer_id,
            v_login_time,
            v_login_status,
            v_ip_address,
            v_location,
            v_device;
        INSERT INTO login_activity (
            customer_id,
            login_time,
            login_status,
            ip_address,
            location,
            device
        ) VALUES (
            v_customer_id,
            v_login_time,
            v_login_status,
            v_ip_address,
            v_location,
            v_device
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
        'login',
        s.external_id,
        n.internal_id
    FROM import_new_rows AS n
    STRAIGHT_JOIN import_staged_logins AS s FORCE INDEX (PRIMARY)
        ON s.record_number = n.record_number
    ORDER BY s.external_id;
    DELETE FROM import_new_rows;
END$$
DELIMITER ;
