DELIMITER $$

CREATE OR REPLACE PROCEDURE archive_payment_chunk(
    IN in_month DATE,
    IN in_rows INT,
    OUT out_moved INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves up to in_rows payments of one month that need no further work, with their
settlements, into the archive; no rollup changes. What somebody else has locked stays for a later
call, so that no payment waits for more than the move itself. out_moved: payments moved. Needs the
partitions of the month.
Errors: 30901 not every row arrived.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_arrived INT;
    DECLARE v_ids MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_settlements INT;
    DECLARE v_amount DECIMAL(21,4);
    DECLARE v_terminal VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_old_checks TINYINT DEFAULT @@SESSION.foreign_key_checks;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        SET SESSION foreign_key_checks = v_old_checks;
        RESIGNAL;
    END;

    DROP TEMPORARY TABLE IF EXISTS archive_chunk;
    CREATE TEMPORARY TABLE archive_chunk (
        transaction_id BIGINT NOT NULL PRIMARY KEY
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS archive_settlements;
    CREATE TEMPORARY TABLE archive_settlements (
        settlement_id BIGINT NOT NULL PRIMARY KEY,
        is_pending TINYINT NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    -- A list, for in a join FOR UPDATE would lock the rows of payment_states.
    SELECT GROUP_CONCAT(p.state)
    INTO v_terminal
    FROM payment_states AS p
    WHERE p.is_terminal = 1;
    -- Locked until they are gone: nobody may change what was copied. What is locked is left out,
    -- for who waits for one payment keeps others from the rest.
    INSERT INTO archive_chunk
    SELECT t.transaction_id
    FROM transactions AS t FORCE INDEX (idx_transactions_time)
    WHERE t.transaction_time >= in_month
        AND t.transaction_time < in_month + INTERVAL 1 MONTH
        AND FIND_IN_SET(t.status, v_terminal) > 0
        AND NOT EXISTS (
            SELECT 1
            FROM settlements AS s
            WHERE s.transaction_id = t.transaction_id
                AND s.settlement_status = 'pending'
        )
    ORDER BY t.transaction_time
    LIMIT in_rows
    FOR UPDATE SKIP LOCKED;
    INSERT INTO archive_settlements
    SELECT
        s.settlement_id,
        s.settlement_status = 'pending'
    FROM archive_chunk AS c
    STRAIGHT_JOIN settlements AS s ON s.transaction_id = c.transaction_id
    FOR UPDATE SKIP LOCKED;
    -- A payment one of whose settlements is locked, or came to be pending, is for a later call.
    DROP TEMPORARY TABLE IF EXISTS archive_left;
    CREATE TEMPORARY TABLE archive_left (
        transaction_id BIGINT NOT NULL PRIMARY KEY
    ) ENGINE = Aria TRANSACTIONAL = 0;
    INSERT INTO archive_left
    SELECT DISTINCT c.transaction_id
    FROM archive_chunk AS c
    STRAIGHT_JOIN settlements AS s ON s.transaction_id = c.transaction_id
    LEFT JOIN archive_settlements AS a ON a.settlement_id = s.settlement_id
    WHERE a.settlement_id IS NULL
        OR a.is_pending = 1;
    DELETE c
    FROM archive_left AS l
    STRAIGHT_JOIN archive_chunk AS c ON c.transaction_id = l.transaction_id;
    DROP TEMPORARY TABLE archive_settlements, archive_left;
    SELECT COUNT(*)
    INTO out_moved
    FROM archive_chunk AS c;

    IF out_moved > 0 THEN
        INSERT INTO transactions_archive (
            -- each stored column of transactions_archive: {name}
            transaction_id,
            account_id,
            transaction_time,
            transaction_date,
            transaction_amount,
            currency,
            base_amount,
            transaction_type,
            merchant_category,
            location,
            device_type,
            channel,
            product,
            acquirer,
            card_scheme,
            status,
            response_code,
            counterparty_account_id,
            counterparty_iban,
            counterparty_country,
            counterparty_handle,
            title,
            balance_after,
            requested_at,
            responded_at,
            order_reference,
            is_final_attempt,
            idempotency_key,
            source_status,
            status_changed_at,
            ingested_at
            -- end
        )
        SELECT
            -- each stored column of transactions_archive: t.{name}
            t.transaction_id,
            t.account_id,
            t.transaction_time,
            t.transaction_date,
            t.transaction_amount,
            t.currency,
            t.base_amount,
            t.transaction_type,
            t.merchant_category,
            t.location,
            t.device_type,
            t.channel,
            t.product,
            t.acquirer,
            t.card_scheme,
            t.status,
            t.response_code,
            t.counterparty_account_id,
            t.counterparty_iban,
            t.counterparty_country,
            t.counterparty_handle,
            t.title,
            t.balance_after,
            t.requested_at,
            t.responded_at,
            t.order_reference,
            t.is_final_attempt,
            t.idempotency_key,
            t.source_status,
            t.status_changed_at,
            t.ingested_at
            -- end
        FROM archive_chunk AS c
        STRAIGHT_JOIN transactions AS t ON t.transaction_id = c.transaction_id;
        SET v_arrived = ROW_COUNT();
        IF v_arrived <> out_moved THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30901,
                MESSAGE_TEXT = 'archive_payment_chunk: not every payment arrived in the archive';
        END IF;
        SELECT COALESCE(SUM(a.base_amount), 0)
        INTO v_amount
        FROM archive_chunk AS c
        STRAIGHT_JOIN transactions AS a ON a.transaction_id = c.transaction_id;
        INSERT INTO settlements_archive (
            settlement_id,
            transaction_id,
            transaction_time,
            rail,
            settlement_status,
            settlement_amount,
            currency,
            base_amount,
            accepted_at,
            due_at,
            settlement_date
        )
        SELECT
            s.settlement_id,
            s.transaction_id,
            t.transaction_time,
            s.rail,
            s.settlement_status,
            s.settlement_amount,
            s.currency,
            s.base_amount,
            s.accepted_at,
            s.due_at,
            s.settlement_date
        FROM archive_chunk AS c
        STRAIGHT_JOIN transactions AS t ON t.transaction_id = c.transaction_id
        STRAIGHT_JOIN settlements AS s ON s.transaction_id = c.transaction_id;
        SET v_settlements = ROW_COUNT();

        -- Requests, holds and refunds keep the number of the payment, which is in the archive now.
        SET SESSION foreign_key_checks = 0;
        -- Lists, and no DELETE of a join: in that of MariaDB 11.8 an error of a trigger goes past
        -- every handler, and would leave the transaction open.
        SELECT GROUP_CONCAT(c.transaction_id)
        INTO v_ids
        FROM archive_chunk AS c;
        EXECUTE IMMEDIATE CONCAT(
            'DELETE FROM stuck_payments WHERE transaction_id IN (', v_ids, ')');
        EXECUTE IMMEDIATE CONCAT(
            'DELETE FROM settlements WHERE transaction_id IN (', v_ids, ')');
        EXECUTE IMMEDIATE CONCAT(
            'DELETE FROM transactions WHERE transaction_id IN (', v_ids, ')');
        SET v_arrived = ROW_COUNT();
        SET SESSION foreign_key_checks = v_old_checks;
        IF v_arrived <> out_moved THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30901,
                MESSAGE_TEXT = 'archive_payment_chunk: not every payment left for the archive';
        END IF;
        UPDATE archive_months
        SET
            payment_count = payment_count + out_moved,
            settlement_count = settlement_count + v_settlements,
            base_amount = base_amount + v_amount
        WHERE month_start = in_month;
    END IF;
    DROP TEMPORARY TABLE archive_chunk;
END$$

DELIMITER ;
