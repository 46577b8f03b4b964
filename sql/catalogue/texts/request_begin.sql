-- With autocommit off the checks have begun a transaction of their own.
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION;
-- acting_person(), which needs to look only where somebody acts for others.
IF @payops_person IS NULL THEN
    SET v_person = SESSION_USER();
ELSE
    SET v_person = acting_person();
END IF;
INSERT IGNORE INTO payment_requests (
    idempotency_key,
    request_hash,
    operation,
    requested_by,
    requested_at
) VALUES (
    in_idempotency_key,
    UNHEX(SHA2(CONCAT('{routine}|', v_request), 256)),
    '{routine}',
    v_person,
    UTC_TIMESTAMP(3)
);
SET v_is_new = (ROW_COUNT() = 1);
IF v_is_new THEN
    SET v_request_id = LAST_INSERT_ID();
ELSE
    CALL begin_payment_request(
        in_idempotency_key, '{routine}', v_request, v_request_id, v_is_new,
        v_found_transaction_id, out_status, v_refusal_reason);
END IF;
