DELIMITER $$

CREATE OR REPLACE PROCEDURE settle_batch(
    IN in_idempotency_key VARBINARY(65),
    IN in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_due_until DATETIME,
    OUT out_batch_id BIGINT,
    OUT out_settled_count INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Settles everything that is pending on a rail and due by in_due_until (UTC; NULL: now), and
moves the money that was posted for it from the clearing account of the rail to nostro.
Results: the batch, and how many settlements it has. The same key and request again give the first
    answer.
Errors: 30001 open transaction, 30002 argument, 30014 a setting of the session, 30402 the key was
    used for another request. After a lost connection call it again with the same key.
Transaction: owns.
Example: CALL settle_batch(''sepa-2026-11-20'', ''SEPA_CT'', NULL, @batch, @count)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_request_id BIGINT;
    DECLARE v_is_new TINYINT;
    DECLARE v_transaction_id BIGINT;
    DECLARE v_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_refusal_reason VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME DEFAULT UTC_TIMESTAMP();
    DECLARE v_no_amount DECIMAL(19,4);

    SET out_batch_id = NULL;
    SET out_settled_count = NULL;

    CALL check_payment_request(
        in_idempotency_key, in_rail IS NOT NULL, NULL, FALSE, v_no_amount);
    IF NOT EXISTS (SELECT 1 FROM rails AS r WHERE r.rail = in_rail) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'settle_batch: the rail is unknown';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET out_batch_id = NULL;
            SET out_settled_count = NULL;
            CALL log_routine_error('settle_batch', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- With autocommit off the checks have begun a transaction of their own.
        COMMIT;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL begin_payment_request(
            in_idempotency_key, 'settle_batch',
            CONCAT_WS('|', in_rail, COALESCE(in_due_until, '-')),
            v_request_id, v_is_new, v_transaction_id, v_status, v_refusal_reason);
        IF v_is_new THEN
            INSERT INTO settlement_batches (request_id, rail, due_until, settled_count, settled_at)
            VALUES (v_request_id, in_rail, COALESCE(in_due_until, v_now), 0, v_now);
            SET out_batch_id = LAST_INSERT_ID();

            INSERT INTO settlement_batch_items (settlement_id, batch_id)
            SELECT
                s.settlement_id,
                out_batch_id
            FROM settlements AS s
            WHERE s.settlement_status = 'pending'
                AND s.rail = in_rail
                AND s.due_at <= COALESCE(in_due_until, v_now)
            ORDER BY s.settlement_id
            FOR UPDATE;
            SET out_settled_count = ROW_COUNT();
            UPDATE settlement_batches
            SET settled_count = out_settled_count
            WHERE batch_id = out_batch_id;

            UPDATE settlement_batch_items AS i
            INNER JOIN settlements AS s ON s.settlement_id = i.settlement_id
            SET
                s.settlement_status = 'settled',
                s.settlement_date = v_now
            WHERE i.batch_id = out_batch_id;

            -- Two entries in each currency; settlements of payments that were only imported have
            -- no money in the ledger.
            INSERT INTO ledger_entries (request_id, internal_account, currency, entry_amount)
            SELECT
                v_request_id,
                CONCAT(n.side, in_rail),
                m.currency,
                m.amount * n.direction
            FROM (
                SELECT
                    e.currency,
                    SUM(e.entry_amount) AS amount
                FROM settlement_batch_items AS i
                INNER JOIN settlements AS s ON s.settlement_id = i.settlement_id
                INNER JOIN payment_requests AS r ON r.transaction_id = s.transaction_id
                INNER JOIN ledger_entries AS e ON e.request_id = r.request_id
                WHERE i.batch_id = out_batch_id
                    AND e.internal_account = CONCAT('clearing:', in_rail)
                GROUP BY e.currency
                HAVING SUM(e.entry_amount) <> 0
            ) AS m
            CROSS JOIN (
                SELECT 'clearing:' AS side, -1 AS direction
                UNION ALL
                SELECT 'nostro:', 1
            ) AS n;
        ELSE
            SELECT
                b.batch_id,
                b.settled_count
            INTO out_batch_id, out_settled_count
            FROM settlement_batches AS b
            WHERE b.request_id = v_request_id;
        END IF;
        COMMIT;
    END;
END$$

DELIMITER ;
