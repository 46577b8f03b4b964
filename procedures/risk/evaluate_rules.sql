DELIMITER $$

CREATE OR REPLACE PROCEDURE evaluate_rules(
    IN in_as_of DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Looks with every active rule at the accounts whose payments changed since the last run,
and keeps the hits; the cost depends on the changes. A rule that fails stops no other. Run it again
after a failure: what a run took and did not finish is looked at again, and nothing is found twice.
Parameters:
    in_as_of: the instant that the rules call now (UTC); NULL for as_of()
Result: run, accounts, hits, new hits, failed rules.
Errors: 30001 open transaction, 30014 a setting of the session, 30501 another evaluation is under
    way, 30602 the run of the job was replaced.
Transaction: owns, one to take the accounts, one to prepare them, one for each rule.
Example: CALL refresh_rollups(100000); CALL evaluate_rules(NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_run_id BIGINT;
    DECLARE v_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_rule_version INT;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_has_later TINYINT DEFAULT 0;
    DECLARE v_count BIGINT;
    DECLARE v_caller_as_of DATETIME DEFAULT @payops_as_of;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules');
    DECLARE c_rules CURSOR FOR
        SELECT
            r.rule_id,
            r.view_name,
            r.active_version
        FROM rules AS r
        WHERE r.is_enabled = 1
            AND r.active_version IS NOT NULL
        -- Controls look at the hits of the others.
        ORDER BY r.family = 'control', r.rule_id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'evaluate_rules: called inside an open transaction';
    END IF;
    CALL check_work_session(TRUE);
    IF COALESCE(GET_LOCK(v_lock, 0), 0) <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30501,
            MESSAGE_TEXT = 'evaluate_rules: another evaluation is under way';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET @payops_as_of = v_caller_as_of;
            DO RELEASE_LOCK(v_lock);
            CALL log_routine_error('evaluate_rules', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET @payops_as_of = COALESCE(in_as_of, as_of());
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        CALL take_risk_scope();
        -- From here on a run that is cut off is known, and its scope stays.
        INSERT INTO risk_runs (as_of, started_at)
        VALUES (as_of(), UTC_TIMESTAMP(3));
        SET v_run_id = LAST_INSERT_ID();
        -- At once: a refresh waits for the rows of risk_pending that were taken.
        COMMIT;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        CALL refresh_risk_features();
        SELECT COUNT(*)
        INTO v_count
        FROM risk_scope AS s;
        UPDATE risk_runs
        SET account_count = v_count
        WHERE run_id = v_run_id;
        COMMIT;

        -- What came after as_of() is for a later run. In the order of accounts, as a refresh.
        SELECT EXISTS (SELECT 1 FROM transactions AS t WHERE t.transaction_time > as_of())
        INTO v_has_later;
        IF v_has_later THEN
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            INSERT INTO risk_pending (account_id, from_date)
            SELECT DISTINCT
                t.account_id,
                DATE(as_of())
            FROM transactions AS t
            WHERE t.transaction_time > as_of()
            ORDER BY t.account_id
            ON DUPLICATE KEY UPDATE
                from_date = LEAST(risk_pending.from_date, VALUES(from_date));
            COMMIT;
        END IF;

        SET v_is_done = 0;
        OPEN c_rules;
        rules: LOOP
            FETCH c_rules INTO v_rule_id, v_view_name, v_rule_version;
            IF v_is_done THEN
                LEAVE rules;
            END IF;
            CALL evaluate_rule(v_run_id, v_rule_id, v_view_name, v_rule_version);
        END LOOP;
        CLOSE c_rules;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        UPDATE risk_runs AS u
        INNER JOIN (
            SELECT
                COALESCE(SUM(r.hit_count), 0) AS hits,
                COALESCE(SUM(r.new_hit_count), 0) AS new_hits,
                COALESCE(SUM(r.error_number IS NOT NULL), 0) AS failed
            FROM risk_rule_runs AS r
            WHERE r.run_id = v_run_id
        ) AS s
        SET
            u.hit_count = s.hits,
            u.new_hit_count = s.new_hits,
            u.failed_rule_count = s.failed,
            u.ended_at = IF(s.failed = 0, UTC_TIMESTAMP(3), NULL)
        WHERE u.run_id = v_run_id;
        -- A run that was cut off is made up for by this one; one with a failed rule is not.
        UPDATE risk_runs AS u
        INNER JOIN risk_runs AS n ON n.run_id = v_run_id
        SET u.ended_at = n.ended_at
        WHERE u.ended_at IS NULL
            AND u.run_id < v_run_id;
        COMMIT;
    END;
    SET @payops_as_of = v_caller_as_of;
    DO RELEASE_LOCK(v_lock);

    SELECT
        r.run_id,
        r.account_count,
        r.hit_count,
        r.new_hit_count,
        r.failed_rule_count
    FROM risk_runs AS r
    WHERE r.run_id = v_run_id;
END$$

DELIMITER ;
