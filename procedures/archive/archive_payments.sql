DELIMITER $$

CREATE OR REPLACE PROCEDURE archive_payments(
    IN in_maximum_rows INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves payments of closed months that are older than the setting archive_after_months into
the archive, 500 at a time so that nobody waits long for a payment that moves, then drops months
older than archive_keep_months. A month is closed when nothing of it is open and its rollups agree
with its payments; archive_months says what keeps one open. Months count back from the latest
payment. What somebody works on at that moment stays for the next call. After an interruption the
same call continues.
Result: that of reconcile_rollups for each month that begins, then payments moved and months
    dropped.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument or setting, 30602
    the run was replaced, 30606 read-only server, 30901 not every row arrived.
Transaction: owns one a chunk.
Example: CALL archive_payments(500000)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_after INT;
    DECLARE v_limit DATE;
    DECLARE v_month DATE;
    DECLARE v_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_chunk INT;
    DECLARE v_attempts INT DEFAULT 1;
    DECLARE v_is_left TINYINT;
    DECLARE v_moved BIGINT DEFAULT 0;
    DECLARE v_dropped INT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'archive_payments: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);
    IF NOT COALESCE(in_maximum_rows > 0, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'archive_payments: in_maximum_rows is not above 0';
    END IF;
    SET v_after = (
        SELECT CAST(g.setting_value AS SIGNED)
        FROM settings AS g
        WHERE g.setting_name = 'archive_after_months'
    );
    IF NOT COALESCE(v_after = 0 OR v_after >= 3, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'archive_payments: archive_after_months is neither 0 (never) nor 3 or more: rules and views read three months of payments';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('archive_payments', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        -- What has come last says what is old: a database of last year keeps its last months.
        -- SELECT INTO, for SET would lock what it reads, such as the first payment.
        SELECT
            IF(
                v_after = 0,
                NULL,
                DATE_FORMAT(LEAST(MAX(s.last_event_at), UTC_TIMESTAMP()), '%Y-%m-01')
                    - INTERVAL v_after MONTH)
        INTO v_limit
        FROM rollup_state AS s;
        SELECT DATE_FORMAT(MIN(t.transaction_time), '%Y-%m-01')
        INTO v_month
        FROM transactions AS t
        -- Payments of impossible dates stay where they can be corrected.
        WHERE t.transaction_time >= '1990-01-01';

        WHILE v_month < v_limit AND v_moved < in_maximum_rows DO
            CALL check_archive_month(v_month, v_reason);
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            INSERT INTO archive_months (
                month_start,
                archive_state,
                waiting_reason,
                checked_at
            ) VALUES (
                v_month,
                IF(v_reason IS NULL, 'moving', 'waiting'),
                v_reason,
                UTC_TIMESTAMP()
            )
            ON DUPLICATE KEY UPDATE
                archive_state = VALUES(archive_state),
                waiting_reason = VALUES(waiting_reason),
                checked_at = VALUES(checked_at);
            COMMIT;
            IF v_reason IS NULL THEN
                CALL prepare_archive_month(v_month);
                REPEAT
                    chunk: BEGIN
                        -- A conflict of locks, or a record that changed since it was read: again.
                        DECLARE EXIT HANDLER FOR SQLEXCEPTION
                        BEGIN
                            CALL read_error(v_errno, v_state, v_message);
                            IF v_errno NOT IN (1213, 1205, 1020, 1615) OR v_attempts >= 5 THEN
                                RESIGNAL;
                            END IF;
                            ROLLBACK;
                            SET v_attempts = v_attempts + 1;
                            SET v_chunk = NULL;
                        END;
                        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
                        START TRANSACTION;
                        CALL check_job_fence();
                        CALL archive_payment_chunk(
                            v_month, LEAST(500, in_maximum_rows - v_moved), v_chunk);
                        SELECT EXISTS (
                            SELECT 1
                            FROM transactions AS t
                            WHERE t.transaction_time >= v_month
                                AND t.transaction_time < v_month + INTERVAL 1 MONTH
                        )
                        INTO v_is_left;
                        IF v_chunk = 0 AND NOT v_is_left THEN
                            UPDATE archive_months
                            SET
                                archive_state = 'archived',
                                archived_at = UTC_TIMESTAMP(),
                                dropped_at = NULL
                            WHERE month_start = v_month;
                        END IF;
                        COMMIT;
                        SET v_moved = v_moved + v_chunk;
                        SET v_attempts = 1;
                    END chunk;
                UNTIL COALESCE(v_chunk = 0, FALSE) OR v_moved >= in_maximum_rows
                END REPEAT;
            END IF;
            SELECT DATE_FORMAT(MIN(t.transaction_time), '%Y-%m-01')
            INTO v_month
            FROM transactions AS t
            WHERE t.transaction_time >= v_month + INTERVAL 1 MONTH;
        END WHILE;
        CALL drop_archived_months(v_dropped);
        -- With autocommit off, looking for months opened a transaction.
        COMMIT;
    END;
    SET @payops_job_rows = v_moved;
    SELECT
        v_moved AS moved_count,
        v_dropped AS dropped_months;
END$$

DELIMITER ;
