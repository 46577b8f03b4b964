DELIMITER $$

CREATE OR REPLACE PROCEDURE check_payment_request(
    IN in_idempotency_key VARBINARY(65),
    IN in_is_complete TINYINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_may_be_negative TINYINT,
    OUT out_amount DECIMAL(19,4)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Refuses what no posting procedure can work with, and reads the amount.
Parameters:
    in_idempotency_key: 1 to 64 ASCII characters, compared byte for byte; those that begin with
        payops: are those of payops itself. One byte longer than allowed, so that a session without
        strict mode cannot have it cut to another key
    in_is_complete: whether all other arguments are there
    in_amount: NULL when the operation has no amount; as text, so that a session without strict
        mode cannot have 1,000.50 read as 1, nor a digit rounded away
    in_may_be_negative: whether it may be below zero
    out_amount: the amount; check_minor_unit compares it with its currency
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30406 the amount
    is finer than any currency.
Transaction: none. Reads no table.'
BEGIN
    DECLARE v_amount DECIMAL(65,30);
    DECLARE v_text VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_longer BOOLEAN DEFAULT FALSE;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'check_payment_request: a posting procedure was called inside an open transaction';
    END IF;
    CALL check_session(TRUE);
    IF COALESCE(in_idempotency_key, '') = ''
        OR LENGTH(in_idempotency_key) > 64
        OR in_idempotency_key <> CONVERT(CONVERT(in_idempotency_key USING latin1) USING ascii)
        OR LEFT(in_idempotency_key, 7) = 'payops:' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_request: the key is not 1 to 64 ASCII characters, or begins with payops:';
    END IF;
    IF NOT COALESCE(in_is_complete, 0) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_request: an argument is missing';
    END IF;

    SET out_amount = NULL;
    IF in_amount IS NOT NULL THEN
        -- What v_amount cannot hold is cut: no currency has digits there.
        IF LOCATE('.', in_amount) > 0
            AND CHAR_LENGTH(in_amount) - LOCATE('.', in_amount) > 30 THEN
            SET v_is_longer = TRUE;
            SET v_text = LEFT(in_amount, LOCATE('.', in_amount) + 30);
        ELSE
            SET v_text = in_amount;
        END IF;
        BEGIN
            -- Strict as the routine is, not as its caller: 12x is no number.
            DECLARE EXIT HANDLER FOR 1264, 1265, 1292, 1366
                SIGNAL SQLSTATE '45000' SET
                    MYSQL_ERRNO = 30002,
                    MESSAGE_TEXT = 'check_payment_request: the amount is not a decimal number, or larger than an amount can be';
            SET v_amount = v_text;
            SET out_amount = TRUNCATE(v_amount, 4);
        END;
        IF v_is_longer OR out_amount <> v_amount THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30406,
                MESSAGE_TEXT = 'check_payment_request: the amount is finer than the smallest unit of any currency';
        END IF;
        IF out_amount = 0 OR (out_amount < 0 AND NOT in_may_be_negative) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30002,
                MESSAGE_TEXT = 'check_payment_request: the amount is not positive';
        END IF;
    END IF;
END$$

DELIMITER ;
