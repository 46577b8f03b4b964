DELIMITER $$

CREATE OR REPLACE PROCEDURE begin_payment_request(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin,
    IN in_operation VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_request VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_request_id BIGINT,
    OUT out_is_new TINYINT,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Takes an idempotency key for a request, or gives the answer that it had before. Waits for
a call with the same key that is under way.
Parameters:
    in_request: all arguments in one text
Errors: 30402 the key was used for another request.
Transaction: joins'
BEGIN
    DECLARE v_hash BINARY(32) DEFAULT UNHEX(SHA2(CONCAT_WS('|', in_operation, in_request), 256));
    DECLARE v_found_hash BINARY(32);

    INSERT IGNORE INTO payment_requests (
        idempotency_key,
        request_hash,
        operation,
        requested_by,
        requested_at
    ) VALUES (
        in_idempotency_key,
        v_hash,
        in_operation,
        acting_person(),
        UTC_TIMESTAMP(3)
    );
    SET out_is_new = (ROW_COUNT() = 1);

    IF out_is_new THEN
        SET out_request_id = LAST_INSERT_ID();
        SET out_transaction_id = NULL;
        SET out_status = NULL;
        SET out_refusal_reason = NULL;
    ELSE
        -- A plain read: two that lock a duplicate key wait for each other.
        SELECT
            r.request_hash,
            r.request_id,
            r.transaction_id,
            r.payment_status,
            r.refusal_reason
        INTO v_found_hash, out_request_id, out_transaction_id, out_status, out_refusal_reason
        FROM payment_requests AS r
        WHERE r.idempotency_key = in_idempotency_key;
        IF NOT (v_found_hash <=> v_hash) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30402,
                MESSAGE_TEXT = 'begin_payment_request: the key was used for another request';
        END IF;
    END IF;
END$$

DELIMITER ;
