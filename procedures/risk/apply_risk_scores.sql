DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_risk_scores(
    IN in_as_of DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes the points of new hits into the ledger risk_events and brings customers.risk_score
to the score as of in_as_of (UTC; NULL for as_of()), all or nothing; a row in risk_score_runs
survives. A hit that was counted once, under any version of its rule, never counts again.
Result: events written, scores changed.
Errors: 30001 open transaction, 30014 a setting of the session, 30501 rules are being evaluated,
    30602 the run of the job was replaced.
Transaction: owns.
Example: CALL apply_risk_scores(NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_events BIGINT DEFAULT 0;
    DECLARE v_changed BIGINT DEFAULT 0;
    DECLARE v_as_of DATETIME DEFAULT COALESCE(in_as_of, as_of());
    DECLARE v_began DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
    DECLARE v_caller_as_of DATETIME DEFAULT @payops_as_of;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules');

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'apply_risk_scores: called inside an open transaction';
    END IF;
    CALL check_work_session(TRUE);
    -- Hits that are being written have keys that are not in order of their commits.
    IF COALESCE(GET_LOCK(v_lock, 0), 0) <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30501,
            MESSAGE_TEXT = 'apply_risk_scores: rules are being evaluated';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET @payops_as_of = v_caller_as_of;
            DO RELEASE_LOCK(v_lock);
            CALL log_routine_error('apply_risk_scores', v_errno, v_state, v_message);
            CALL log_score_run(v_as_of, NULL, NULL, v_errno, v_message, v_began);
            RESIGNAL;
        END;

        SET @payops_as_of = v_as_of;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        INSERT IGNORE INTO risk_events (
            customer_id,
            rule_id,
            rule_version,
            hit_id,
            points,
            window_key,
            half_life_days,
            occurred_at,
            expires_at,
            evidence,
            recorded_at
        )
        SELECT
            h.customer_id,
            h.rule_id,
            h.rule_version,
            h.hit_id,
            h.points,
            CONCAT(h.subject, '@', h.window_from),
            v.half_life_days,
            h.window_to,
            h.window_to + INTERVAL v.expiry_days DAY,
            h.evidence,
            v_as_of
        FROM risk_hits AS h
        INNER JOIN rule_versions AS v
            ON v.rule_id = h.rule_id AND v.rule_version = h.rule_version
        WHERE h.hit_id > (SELECT COALESCE(MAX(e.hit_id), 0) FROM risk_events AS e)
        ORDER BY h.hit_id;
        SET v_events = ROW_COUNT();

        -- Worked out before any customer is locked, and written last.
        DROP TEMPORARY TABLE IF EXISTS changed_scores;
        CREATE TEMPORARY TABLE changed_scores (
            customer_id BIGINT NOT NULL PRIMARY KEY,
            risk_score DECIMAL(5,2) NOT NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        INSERT INTO changed_scores
        SELECT
            s.customer_id,
            s.risk_score
        FROM int_risk_score AS s
        INNER JOIN customers AS c ON c.customer_id = s.customer_id
        WHERE c.risk_score <> s.risk_score;
        UPDATE changed_scores AS s
        STRAIGHT_JOIN customers AS c ON c.customer_id = s.customer_id
        SET c.risk_score = s.risk_score;
        SET v_changed = ROW_COUNT();
        DROP TEMPORARY TABLE changed_scores;
        CALL log_score_run(v_as_of, v_events, v_changed, NULL, NULL, v_began);
        COMMIT;
    END;
    SET @payops_as_of = v_caller_as_of;
    DO RELEASE_LOCK(v_lock);

    SELECT
        v_events AS event_count,
        v_changed AS changed_count;
END$$

DELIMITER ;
