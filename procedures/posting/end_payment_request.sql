DELIMITER $$

CREATE OR REPLACE PROCEDURE end_payment_request(
    IN in_request_id BIGINT,
    IN in_transaction_id BIGINT,
    IN in_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps the answer to a request: the payment, its state, and why it was refused.
Transaction: joins'
BEGIN
    UPDATE payment_requests
    SET
        transaction_id = in_transaction_id,
        payment_status = in_status,
        refusal_reason = in_refusal_reason
    WHERE request_id = in_request_id;
END$$

DELIMITER ;
