DELIMITER $$

CREATE OR REPLACE PROCEDURE roll_settlement_due_dates()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Works the due times of pending settlements that are not yet due out anew, after a holiday
or a cut-off was changed; those that are due already stay as promised. A settlement that somebody
else works on at that moment is left for the next run.
Result: rolled.
Errors: 30001 open transaction, 30014 a setting of the session, 30602 the run was replaced.
Transaction: owns, one for 500 settlements.
Example: CALL roll_settlement_due_dates()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_rolled BIGINT DEFAULT 0;
    DECLARE v_chunk BIGINT DEFAULT 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'roll_settlement_due_dates: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('roll_settlement_due_dates', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        -- Found without a lock, then changed in small pieces that wait for nobody.
        DROP TEMPORARY TABLE IF EXISTS due_changes, due_chunk;
        CREATE TEMPORARY TABLE due_changes (
            settlement_id BIGINT NOT NULL PRIMARY KEY,
            old_due_at DATETIME NOT NULL,
            new_due_at DATETIME NOT NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        CREATE TEMPORARY TABLE due_chunk (
            settlement_id BIGINT NOT NULL PRIMARY KEY,
            new_due_at DATETIME NOT NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        INSERT INTO due_changes
        SELECT
            s.settlement_id,
            s.due_at,
            settlement_due_at(s.rail, s.accepted_at)
        FROM settlements AS s
        WHERE s.settlement_status = 'pending'
            AND s.due_at > as_of()
            AND settlement_due_at(s.rail, s.accepted_at) <> s.due_at;
        COMMIT;
        WHILE v_chunk > 0 DO
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            DELETE FROM due_chunk;
            INSERT INTO due_chunk
            SELECT
                s.settlement_id,
                d.new_due_at
            FROM due_changes AS d
            STRAIGHT_JOIN settlements AS s ON s.settlement_id = d.settlement_id
            WHERE s.settlement_status = 'pending'
                AND s.due_at = d.old_due_at
            ORDER BY d.settlement_id
            LIMIT 500
            FOR UPDATE SKIP LOCKED;
            SET v_chunk = ROW_COUNT();
            UPDATE due_chunk AS d
            STRAIGHT_JOIN settlements AS s ON s.settlement_id = d.settlement_id
            SET s.due_at = d.new_due_at;
            COMMIT;
            DELETE d
            FROM due_chunk AS c
            STRAIGHT_JOIN due_changes AS d ON d.settlement_id = c.settlement_id;
            SET v_rolled = v_rolled + v_chunk;
        END WHILE;
        DROP TEMPORARY TABLE due_changes, due_chunk;
        -- On MySQL, with autocommit off, changing temporary tables opened a transaction.
        COMMIT;
    END;
    SET @payops_job_rows = v_rolled;
    SELECT v_rolled AS rolled_count;
END$$

DELIMITER ;
