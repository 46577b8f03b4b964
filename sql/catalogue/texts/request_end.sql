UPDATE payment_requests
SET
    transaction_id = v_transaction_id,
    payment_status = out_status,
    refusal_reason = v_refusal_reason
WHERE request_id = v_request_id;
