DELIMITER $$

CREATE OR REPLACE PROCEDURE expire_payments(
    IN in_limit INT,
    OUT out_expired_count INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Ends the holds of up to in_limit authorized payments whose time is over: they are
cancelled and their money is free again.
Result: how many. Safe to run at any time, by several at once.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30404 state, 30602
    the run of the job was replaced.
Transaction: owns, one for each payment.
Example: CALL expire_payments(1000, @count)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_account_id BIGINT;
    DECLARE v_counterparty_account_id BIGINT;
    DECLARE v_paid_amount DECIMAL(19,4);
    DECLARE v_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_is_outgoing TINYINT;
    DECLARE v_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_tried_until BIGINT DEFAULT 0;
    DECLARE v_now DATETIME DEFAULT UTC_TIMESTAMP();
    DECLARE v_no_amount DECIMAL(19,4);

    CALL check_payment_request('expire', in_limit > 0, NULL, FALSE, v_no_amount);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('expire_payments', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET out_expired_count = 0;
        expiry: WHILE out_expired_count < in_limit DO
            SET v_transaction_id = (
                SELECT MIN(h.transaction_id)
                FROM payment_holds AS h
                WHERE h.ended_at IS NULL
                    AND h.expires_at <= v_now
                    AND h.transaction_id > v_tried_until
            );
            IF v_transaction_id IS NULL THEN
                LEAVE expiry;
            END IF;
            SET v_tried_until = v_transaction_id;
            COMMIT;
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            CALL lock_payment(
                v_transaction_id, v_account_id, v_counterparty_account_id, v_paid_amount,
                v_currency, v_is_outgoing, v_status);
            -- Somebody may have captured or voided it since it was found.
            IF v_status = 'authorized' THEN
                CALL change_payment_state(v_transaction_id, 'authorized', 'cancelled');
                UPDATE payment_holds
                SET
                    ended_at = UTC_TIMESTAMP(3),
                    outcome = 'expired'
                WHERE transaction_id = v_transaction_id;
                CALL note_payment_state(
                    CONCAT('payops:expired:', v_transaction_id), 'expire_payments',
                    v_transaction_id, 'cancelled');
                SET out_expired_count = out_expired_count + 1;
            END IF;
            COMMIT;
        END WHILE;
        -- With autocommit off the last look has begun a transaction.
        COMMIT;
    END;
END$$

DELIMITER ;
