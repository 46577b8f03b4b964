DELIMITER $$
CREATE OR REPLACE PROCEDURE insert_staged_transactions(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT,
    IN in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_has_own_ids TINYINT
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Inserts the staged payments with the outcome loaded and keeps their keys; part of
import_transactions. One by one, with VALUES: the server would hold the counter of the keys until
the end of an INSERT from a SELECT, and whoever writes payments would wait.
Parameters:
    in_first_record, in_last_record: staged records
    in_source_name: source of the keys
    in_has_own_ids: 1 when the file gives the keys
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL insert_staged_transactions(1, 5000, ''cards'', 0);'
BEGIN
    DECLARE v_left BIGINT;
    DECLARE v_record_number BIGINT;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_account_id BIGINT;
    DECLARE v_counterparty_account_id BIGINT;
    DECLARE v_transaction_time DATETIME;
    DECLARE v_transaction_amount DECIMAL(19,4);
    DECLARE v_currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_base_amount DECIMAL(19,4);
    -- each dimension but all, with nothing between: DECLARE v_{column} {type};
    DECLARE v_transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_device_type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_channel VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_product VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_acquirer VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin;
    -- end
    DECLARE v_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_counterparty_iban VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_counterparty_handle VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_title VARCHAR(140) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_balance_after DECIMAL(19,4);
    DECLARE v_requested_at DATETIME(3);
    DECLARE v_responded_at DATETIME(3);
    DECLARE v_order_reference VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_final_attempt TINYINT;
    DECLARE v_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_source_status VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE v_status_changed_at DATETIME;
    DECLARE v_ingested_at DATETIME;
    DECLARE loaded CURSOR FOR
        SELECT
            s.record_number,
            s.transaction_id,
            s.account_id,
            s.counterparty_account_id,
            s.transaction_time,
            s.transaction_amount,
            s.currency,
            s.base_amount,
            -- each dimension but all: s.{column},
            s.transaction_type,
            s.merchant_category,
            s.location,
            s.device_type,
            s.channel,
            s.product,
            s.acquirer,
            s.card_scheme,
            s.response_code,
            -- end
            s.state,
            s.counterparty_iban,
            s.counterparty_handle,
            s.title,
            s.balance_after,
            s.requested_at,
            s.responded_at,
            s.order_reference,
            s.is_final_attempt,
            s.idempotency_key,
            s.source_status,
            s.status_changed_at,
            s.ingested_at
        FROM import_staged_transactions AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
        ORDER BY s.record_number;
    SET v_left = (
        SELECT COUNT(*)
        FROM import_staged_transactions AS s
        WHERE s.record_number BETWEEN in_first_record AND in_last_record
            AND s.outcome = 'loaded'
            AND s.reason IS NULL
    );
    OPEN loaded;
    WHILE v_left > 0 DO
        FETCH loaded INTO
            v_record_number,
            v_transaction_id,
            v_account_id,
            v_counterparty_account_id,
            v_transaction_time,
            v_transaction_amount,
            v_currency,
            v_base_amount,
            -- each dimension but all: v_{column},
            v_transaction_type,
            v_merchant_category,
            v_location,
            v_device_type,
            v_channel,
            v_product,
            v_acquirer,
            v_card_scheme,
            v_response_code,
            -- end
            v_state,
            v_counterparty_iban,
            v_counterparty_handle,
            v_title,
            v_balance_after,
            v_requested_at,
            v_responded_at,
            v_order_reference,
            v_is_final_attempt,
            v_idempotency_key,
            v_source_status,
            v_status_changed_at,
            v_ingested_at;
        INSERT INTO transactions (
            transaction_id,
            account_id,
            counterparty_account_id,
            transaction_time,
            transaction_amount,
            currency,
            base_amount,
            -- each dimension but all: {column},
            transaction_type,
            merchant_category,
            location,
            device_type,
            channel,
            product,
            acquirer,
            card_scheme,
            response_code,
            -- end
            status,
            counterparty_iban,
            counterparty_handle,
            title,
            balance_after,
            requested_at,
            responded_at,
            order_reference,
            is_final_attempt,
            idempotency_key,
            source_status,
            status_changed_at,
            ingested_at
        ) VALUES (
            IF(in_has_own_ids = 1, v_transaction_id, NULL),
            v_account_id,
            v_counterparty_account_id,
            v_transaction_time,
            v_transaction_amount,
            v_currency,
            v_base_amount,
            -- each dimension but all: v_{column},
            v_transaction_type,
            v_merchant_category,
            v_location,
            v_device_type,
            v_channel,
            v_product,
            v_acquirer,
            v_card_scheme,
            v_response_code,
            -- end
            v_state,
            v_counterparty_iban,
            v_counterparty_handle,
            v_title,
            v_balance_after,
            v_requested_at,
            v_responded_at,
            v_order_reference,
            COALESCE(v_is_final_attempt, 1),
            v_idempotency_key,
            v_source_status,
            v_status_changed_at,
            COALESCE(v_ingested_at, UTC_TIMESTAMP())
        );
        IF in_has_own_ids = 0 THEN
            INSERT INTO import_new_rows (record_number, internal_id)
            VALUES (v_record_number, LAST_INSERT_ID());
        END IF;
        SET v_left = v_left - 1;
    END WHILE;
    CLOSE loaded;
    -- The order is fixed: the server knows nothing of the sizes of new tables.
    INSERT INTO external_references (source_name, entity, external_id, internal_id)
    SELECT
        in_source_name,
        'transaction',
        s.external_id,
        n.internal_id
    FROM import_new_rows AS n
    STRAIGHT_JOIN import_staged_transactions AS s FORCE INDEX (PRIMARY)
        ON s.record_number = n.record_number
    ORDER BY s.external_id;
    DELETE FROM import_new_rows;
END$$
DELIMITER ;
