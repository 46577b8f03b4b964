DELIMITER $$
CREATE OR REPLACE PROCEDURE insert_staged_customers(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Inserts the staged customers with the outcome loaded and keeps their keys; part of
import_customers. One by one, with VALUES: the server would hold the counter of the keys until the
end of an INSERT from a SELECT, and whoever writes customers would wait.
Parameters:
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL insert_staged_customers(1, 5000, ''cards'');'
BEGIN
    DECLARE v_left BIGINT;
    DECLARE v_record_number BIGINT;
    DECLARE v_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_first_name VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_last_name VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_identifier VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_birth_date DATE;
    DECLARE v_email VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_phone VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_gender CHAR(1) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_locale VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_risk_category VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_kyc_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_account_open_date DATE;
    DECLARE v_is_active TINYINT;
    DECLARE loaded CURSOR FOR
        SELECT
            s.record_number,
            s.name,
            s.first_name,
            s.last_name,
            s.identifier,
            s.birth_date,
            s.email,
            s.phone,
            s.gender,
            s.locale,
            s.country,
            s.risk_category,
            s.kyc_status,
            s.account_open_date,
            s.is_active
        FROM import_staged_customers AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
        ORDER BY s.record_number;
    SET v_left = (
        SELECT COUNT(*)
        FROM import_staged_customers AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
    );
    OPEN loaded;
    WHILE v_left > 0 DO
        FETCH loaded INTO
            v_record_number,
            v_name,
            v_first_name,
            v_last_name,
            v_identifier,
            v_birth_date,
            v_email,
            v_phone,
            v_gender,
            v_locale,
            v_country,
            v_risk_category,
            v_kyc_status,
            v_account_open_date,
            v_is_active;
        INSERT INTO customers (
            name,
            first_name,
            last_name,
            identifier,
            birth_date,
            email,
            phone,
            gender,
            locale,
            country,
            risk_category,
            kyc_status,
            account_open_date,
            is_active
        ) VALUES (
            v_name,
            v_first_name,
            v_last_name,
            v_identifier,
            v_birth_date,
            v_email,
            v_phone,
            v_gender,
            v_locale,
            v_country,
            COALESCE(v_risk_category, 'low'),
            COALESCE(v_kyc_status, 'pending'),
            v_account_open_date,
            COALESCE(v_is_active, 1)
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
        'customer',
        s.external_id,
        n.internal_id
    FROM import_new_rows AS n
    STRAIGHT_JOIN import_staged_customers AS s FORCE INDEX (PRIMARY)
        ON s.record_number = n.record_number
    ORDER BY s.external_id;
    DELETE FROM import_new_rows;
END$$
DELIMITER ;
