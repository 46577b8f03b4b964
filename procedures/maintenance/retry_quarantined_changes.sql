DELIMITER $$

CREATE OR REPLACE PROCEDURE retry_quarantined_changes(
    IN in_quarantine_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Puts changes that were set aside back into their logs and refreshes the rollups; what they
still cannot hold is set aside again.
Parameters:
    in_quarantine_id: a row of ops_change_quarantine, also one that was discarded; NULL for all
        that wait
Result: that of refresh_rollups.
Errors: 30001 open transaction, 30002 no such change, 30602 the run of the job was replaced.
Transaction: owns two.
Example: CALL retry_quarantined_changes(NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'retry_quarantined_changes: called inside an open transaction';
    END IF;
    IF in_quarantine_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM change_quarantine AS q WHERE q.quarantine_id = in_quarantine_id)
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'retry_quarantined_changes: no such change is in quarantine';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('retry_quarantined_changes', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- 0000-00-00 may be among them, which a strict mode refuses. Ends with the routine.
        SET SESSION sql_mode = '';
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        -- Nobody refreshes meanwhile, and so nobody else moves what is in quarantine.
        CALL lock_rollup_state();
        INSERT INTO transaction_changes (
            change_sign,
            captured_at,
            -- each captured column of transactions: {name}
            account_id,
            transaction_time,
            status,
            base_amount,
            duration_ms,
            is_final_attempt,
            transaction_type,
            merchant_category,
            location,
            device_type,
            channel,
            product,
            acquirer,
            card_scheme,
            response_code,
            ingested_at
            -- end
        )
        SELECT
            q.change_sign,
            q.captured_at,
            -- each captured column of transactions: q.{name}
            q.account_id,
            q.transaction_time,
            q.status,
            q.base_amount,
            q.duration_ms,
            q.is_final_attempt,
            q.transaction_type,
            q.merchant_category,
            q.location,
            q.device_type,
            q.channel,
            q.product,
            q.acquirer,
            q.card_scheme,
            q.response_code,
            q.ingested_at
            -- end
        FROM change_quarantine AS q
        WHERE q.change_log = 'transaction_changes'
            AND IF(
                in_quarantine_id IS NULL,
                q.quarantine_state = 'waiting',
                q.quarantine_id = in_quarantine_id)
        ORDER BY q.quarantine_id;
        INSERT INTO settlement_changes (
            change_sign,
            captured_at,
            -- each captured column of settlements: {name}
            rail,
            due_at,
            accepted_at,
            settlement_date,
            settlement_status,
            base_amount
            -- end
        )
        SELECT
            q.change_sign,
            q.captured_at,
            -- each captured column of settlements: q.{name}
            q.rail,
            q.due_at,
            q.accepted_at,
            q.settlement_date,
            q.settlement_status,
            q.base_amount
            -- end
        FROM change_quarantine AS q
        WHERE q.change_log = 'settlement_changes'
            AND IF(
                in_quarantine_id IS NULL,
                q.quarantine_state = 'waiting',
                q.quarantine_id = in_quarantine_id)
        ORDER BY q.quarantine_id;
        INSERT INTO login_changes (
            change_sign,
            captured_at,
            -- each captured column of login_activity: {name}
            login_time,
            login_status
            -- end
        )
        SELECT
            q.change_sign,
            q.captured_at,
            -- each captured column of login_activity: q.{name}
            q.login_time,
            q.login_status
            -- end
        FROM change_quarantine AS q
        WHERE q.change_log = 'login_changes'
            AND IF(
                in_quarantine_id IS NULL,
                q.quarantine_state = 'waiting',
                q.quarantine_id = in_quarantine_id)
        ORDER BY q.quarantine_id;
        DELETE FROM change_quarantine
        WHERE IF(
            in_quarantine_id IS NULL,
            quarantine_state = 'waiting',
            quarantine_id = in_quarantine_id);
        -- Raised again by the refresh that sets something aside once more.
        IF NOT EXISTS (SELECT 1 FROM change_quarantine AS q WHERE q.quarantine_state = 'waiting') THEN
            CALL resolve_alert('changes_quarantined', 'rollups');
        END IF;
        COMMIT;
    END;
    CALL refresh_rollups(1000000);
END$$

DELIMITER ;
