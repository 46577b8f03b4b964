DELIMITER $$

CREATE OR REPLACE PROCEDURE mark_stuck_payments()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Marks payments that are longer in their state than payment_states allows, each once for
each stay, ends the marks of those that moved on, and raises or resolves the alert payments_stuck
for each state. No payment is changed.
Result: marked, cleared.
Errors: 30001 open transaction, 30014 a setting of the session, 30602 the run was replaced.
Transaction: owns.
Example: CALL mark_stuck_payments()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_marked BIGINT DEFAULT 0;
    DECLARE v_cleared BIGINT DEFAULT 0;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_payment_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_count BIGINT;
    DECLARE v_amount DECIMAL(21,4);
    DECLARE c_states CURSOR FOR
        SELECT
            p.state,
            COUNT(k.transaction_id),
            SUM(k.base_amount)
        FROM payment_states AS p
        LEFT JOIN stuck_payments AS k ON k.state = p.state AND k.cleared_at IS NULL
        GROUP BY p.state;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'mark_stuck_payments: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('mark_stuck_payments', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        -- Read once into a table of its own: a join would lock the payments that it reads.
        DROP TEMPORARY TABLE IF EXISTS found_payments;
        CREATE TEMPORARY TABLE found_payments (
            transaction_id BIGINT NOT NULL PRIMARY KEY,
            state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            state_since DATETIME NOT NULL,
            base_amount DECIMAL(19,4) NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        INSERT INTO found_payments
        SELECT
            s.transaction_id,
            s.state,
            s.state_since,
            s.base_amount
        FROM int_stuck_payment AS s;
        INSERT IGNORE INTO stuck_payments (
            transaction_id,
            state,
            state_since,
            base_amount,
            marked_at
        )
        SELECT
            s.transaction_id,
            s.state,
            s.state_since,
            s.base_amount,
            UTC_TIMESTAMP()
        FROM found_payments AS s
        ORDER BY s.transaction_id;
        SET v_marked = ROW_COUNT();
        UPDATE stuck_payments AS k
        LEFT JOIN found_payments AS s
            ON s.transaction_id = k.transaction_id
            AND s.state = k.state
            AND s.state_since = k.state_since
        SET k.cleared_at = UTC_TIMESTAMP()
        WHERE k.cleared_at IS NULL
            AND s.transaction_id IS NULL;
        SET v_cleared = ROW_COUNT();
        DROP TEMPORARY TABLE found_payments;
        OPEN c_states;
        states: LOOP
            FETCH c_states INTO v_payment_state, v_count, v_amount;
            IF v_is_done THEN
                LEAVE states;
            END IF;
            IF v_count > 0 THEN
                CALL raise_alert(
                    'payments_stuck', v_payment_state, 'WARNING',
                    CONCAT(
                        FORMAT(v_count, 0), IF(v_count = 1, ' payment of ', ' payments of '),
                        FORMAT(COALESCE(v_amount, 0), 2), ' ', base_currency(), ' longer ',
                        v_payment_state, ' than allowed'));
            ELSE
                CALL resolve_alert('payments_stuck', v_payment_state);
            END IF;
        END LOOP;
        CLOSE c_states;
        COMMIT;
    END;
    SET @payops_job_rows = v_marked + v_cleared;
    SELECT
        v_marked AS marked_count,
        v_cleared AS cleared_count;
END$$

DELIMITER ;
