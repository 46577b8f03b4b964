DELIMITER $$

CREATE OR REPLACE PROCEDURE authorize_payment(
    IN in_idempotency_key VARBINARY(65),
    IN in_account_id BIGINT,
    IN in_counterparty_account_id BIGINT,
    IN in_amount VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_currency VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_transaction_type VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rail VARCHAR(17) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_valid_seconds INT,
    OUT out_transaction_id BIGINT,
    OUT out_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    OUT out_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Approves a payment and holds its amount, to be taken by capture_payment within
in_valid_seconds (NULL: as long as payment_states lets a payment be authorized). Other arguments as
in post_payment; the money must leave the account.
Results: the payment, authorized or denied, and why it was denied. The same key and request again
    give the first answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30401 no such
    account, 30402 the key was used for another request, 30406 the amount is finer than the
    currency. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL authorize_payment(''order-17'', 1, NULL, 80, ''EUR'', ''card_payment'', ''CARD'',
    NULL, @id, @status, @reason)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_amount DECIMAL(19,4);

    SET out_transaction_id = NULL;
    SET out_status = NULL;
    SET out_refusal_reason = NULL;

    CALL check_payment_request(
        in_idempotency_key,
        in_account_id IS NOT NULL AND in_currency IS NOT NULL AND in_amount IS NOT NULL
        AND COALESCE(in_valid_seconds, 1) > 0,
        in_amount, FALSE, v_amount);
    CALL check_payment_parties(
        in_account_id, in_counterparty_account_id, v_amount, in_currency, in_transaction_type, in_rail,
        v_is_outgoing);
    IF v_is_outgoing = 0 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'authorize_payment: only money that leaves an account can be held';
    END IF;
    IF in_rail IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rails AS r WHERE r.rail = in_rail) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'authorize_payment: the rail is unknown';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_transaction_id = NULL;
            SET out_status = NULL;
            SET out_refusal_reason = NULL;
            CALL log_routine_error('authorize_payment', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key,
            'authorize_payment',
            CONCAT_WS(
                '|', in_account_id, COALESCE(in_counterparty_account_id, '-'), v_amount,
                in_currency, in_transaction_type, COALESCE(in_rail, '-'),
                COALESCE(in_valid_seconds, '-')),
            v_request_id, v_is_new, out_transaction_id, out_status, out_refusal_reason);
        IF v_is_new THEN
            CALL lock_payment_accounts(in_account_id, in_counterparty_account_id);
            SET out_refusal_reason = payment_refusal(
                in_account_id, in_counterparty_account_id, v_amount, in_currency, v_is_outgoing);
            SET out_status = IF(out_refusal_reason IS NULL, 'authorized', 'denied');
            CALL insert_payment(
                in_idempotency_key, in_account_id, in_counterparty_account_id, v_amount,
                in_currency, in_transaction_type, out_status, out_refusal_reason, 0,
                out_transaction_id);
            IF out_refusal_reason IS NULL THEN
                INSERT INTO payment_holds (
                    transaction_id,
                    account_id,
                    rail,
                    held_amount,
                    authorized_at,
                    expires_at
                )
                SELECT
                    out_transaction_id,
                    in_account_id,
                    in_rail,
                    v_amount,
                    UTC_TIMESTAMP(3),
                    UTC_TIMESTAMP()
                        + INTERVAL COALESCE(in_valid_seconds, p.maximum_age_seconds) SECOND
                FROM payment_states AS p
                WHERE p.state = 'authorized';
            END IF;
            CALL end_payment_request(
                v_request_id, out_transaction_id, out_status, out_refusal_reason);
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
