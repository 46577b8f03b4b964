-- What an ordinary request passes, in one condition; what is wrong with another one, only
-- check_payment_request says.
BEGIN
    DECLARE EXIT HANDLER FOR 1264, 1265, 1292, 1366
        SET v_amount = NULL;
    SET v_exact_amount = in_amount;
    SET v_amount = TRUNCATE(v_exact_amount, 4);
END;
IF (
    NOT @@in_transaction
    AND @@insert_id = 0
    AND @@foreign_key_checks AND @@unique_checks AND @@check_constraint_checks
    AND NOT @@sql_auto_is_null
    AND @@completion_type = 'NO_CHAIN'
    -- server_clock(), written out.
    AND ABS(TIMESTAMPDIFF(
        SECOND,
        UTC_TIMESTAMP(),
        TIMESTAMP'1582-10-15 00:00:00' + INTERVAL CONV(
            CONCAT(SUBSTR(v_uuid, 16, 3), SUBSTR(v_uuid, 10, 4), LEFT(v_uuid, 8)), 16, 10)
            DIV 10000000 SECOND)) <= 5
    AND LENGTH(in_idempotency_key) BETWEEN 1 AND 64
    AND in_idempotency_key = CONVERT(CONVERT(in_idempotency_key USING latin1) USING ascii)
    AND LEFT(in_idempotency_key, 7) <> 'payops:'
    AND v_is_complete
    AND (in_amount IS NULL
        OR (CHAR_LENGTH(in_amount) <= 30 AND v_amount = v_exact_amount AND v_amount > 0))
) IS NOT TRUE THEN
    CALL check_payment_request(in_idempotency_key, v_is_complete, in_amount, FALSE, v_amount);
END IF;
