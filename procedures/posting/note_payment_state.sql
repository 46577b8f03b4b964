DELIMITER $$

CREATE OR REPLACE PROCEDURE note_payment_state(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_operation VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_id BIGINT,
    IN in_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps a change of state that no request of a client asked for under a key of payops.
Transaction: joins'
BEGIN
    INSERT INTO payment_requests (
        idempotency_key,
        request_hash,
        operation,
        transaction_id,
        payment_status,
        requested_by,
        requested_at
    ) VALUES (
        in_idempotency_key,
        UNHEX(SHA2(in_idempotency_key, 256)),
        in_operation,
        in_transaction_id,
        in_status,
        acting_person(),
        UTC_TIMESTAMP(3)
    );
END$$

DELIMITER ;
