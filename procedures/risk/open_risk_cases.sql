DELIMITER $$

CREATE OR REPLACE PROCEDURE open_risk_cases(
    IN in_as_of DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Groups hits that are in no case yet into cases, one open case per customer: for customers
who have one, for those with a hit of a rule with opens_case, and for those whose score has reached
the setting case_minimum_score (0 for never). A rule that hit more than the setting
case_rule_customer_share of the customers within 30 days, and more than 10, says too little to open
a case: it raises the alert rule_unspecific instead. Calling it twice changes nothing.
Parameters:
    in_as_of: when the cases are opened (UTC); NULL for as_of()
Result: cases opened, hits added.
Errors: 30001 open transaction, 30014 a setting of the session, 30501 rules are being evaluated,
    30602 the run of the job was replaced.
Transaction: owns.
Example: CALL open_risk_cases(NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_as_of DATETIME DEFAULT COALESCE(in_as_of, as_of());
    DECLARE v_cases BIGINT DEFAULT 0;
    DECLARE v_hits BIGINT DEFAULT 0;
    DECLARE v_due_days INT;
    DECLARE v_minimum_score DECIMAL(5,2);
    DECLARE v_customer_share DECIMAL(9,4);
    DECLARE v_customers BIGINT;
    DECLARE v_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_rule_customers BIGINT;
    DECLARE v_is_specific TINYINT;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules');
    DECLARE c_rules CURSOR FOR
        SELECT
            o.rule_id,
            o.customer_count,
            o.is_specific
        FROM opening_rules AS o
        ORDER BY o.rule_id;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'open_risk_cases: called inside an open transaction';
    END IF;
    CALL check_work_session(TRUE);
    SELECT
        MAX(IF(g.setting_name = 'case_due_days', g.setting_value + 0, NULL)),
        MAX(IF(g.setting_name = 'case_minimum_score', g.setting_value + 0, NULL)),
        MAX(IF(g.setting_name = 'case_rule_customer_share', g.setting_value + 0, NULL))
    INTO v_due_days, v_minimum_score, v_customer_share
    FROM settings AS g
    WHERE g.setting_name IN ('case_due_days', 'case_minimum_score', 'case_rule_customer_share');
    IF COALESCE(GET_LOCK(v_lock, 0), 0) <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30501,
            MESSAGE_TEXT = 'open_risk_cases: rules are being evaluated';
    END IF;
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            DO RELEASE_LOCK(v_lock);
            CALL log_routine_error('open_risk_cases', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        SELECT COUNT(*)
        INTO v_customers
        FROM customers AS c;
        DROP TEMPORARY TABLE IF EXISTS opening_rules;
        CREATE TEMPORARY TABLE opening_rules (
            rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
            customer_count BIGINT NOT NULL,
            is_specific TINYINT NOT NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        INSERT INTO opening_rules
        SELECT
            r.rule_id,
            COUNT(DISTINCT h.customer_id),
            -- What a person flagged is not counted: people are specific.
            r.family = 'manual'
                OR COUNT(DISTINCT h.customer_id) <= GREATEST(10, v_customer_share * v_customers)
        FROM rules AS r
        LEFT JOIN risk_hits AS h
            ON h.rule_id = r.rule_id
                AND h.window_to > v_as_of - INTERVAL 30 DAY
                AND h.window_to <= v_as_of
        WHERE r.opens_case = 1
            AND r.is_enabled = 1
        GROUP BY r.rule_id;
        OPEN c_rules;
        rules: LOOP
            FETCH c_rules INTO v_rule_id, v_rule_customers, v_is_specific;
            IF v_is_done THEN
                LEAVE rules;
            END IF;
            IF v_is_specific THEN
                CALL resolve_alert('rule_unspecific', v_rule_id);
            ELSE
                CALL raise_alert(
                    'rule_unspecific', v_rule_id, 'WARNING',
                    CONCAT(
                        'rule ', v_rule_id, ' hit ', v_rule_customers, ' of ', v_customers,
                        ' customers within 30 days and opens no case: its threshold is too low here'));
            END IF;
        END LOOP;
        CLOSE c_rules;

        INSERT INTO risk_cases (customer_id, opened_at, due_at)
        SELECT
            c.customer_id,
            v_as_of,
            v_as_of + INTERVAL v_due_days DAY
        FROM customers AS c
        WHERE NOT EXISTS (
                SELECT 1
                FROM risk_cases AS o
                WHERE o.open_customer_id = c.customer_id
            )
            AND (
                c.customer_id IN (
                    SELECT h.customer_id
                    FROM opening_rules AS r
                    INNER JOIN risk_hits AS h ON h.rule_id = r.rule_id
                    LEFT JOIN risk_case_hits AS x ON x.hit_id = h.hit_id
                    WHERE r.is_specific = 1
                        AND x.hit_id IS NULL
                )
                OR (
                    v_minimum_score > 0
                    AND c.risk_score >= v_minimum_score
                    AND EXISTS (
                        SELECT 1
                        FROM risk_hits AS h
                        LEFT JOIN risk_case_hits AS x ON x.hit_id = h.hit_id
                        WHERE h.customer_id = c.customer_id
                            AND x.hit_id IS NULL
                    )
                )
            )
        ORDER BY c.customer_id;
        SET v_cases = ROW_COUNT();
        DROP TEMPORARY TABLE opening_rules;
        INSERT INTO risk_case_changes (
            case_id,
            change_kind,
            change_text,
            changed_by,
            changed_at
        )
        SELECT
            o.case_id,
            'opened',
            'opened by its hits',
            acting_person(),
            v_as_of
        FROM risk_cases AS o
        LEFT JOIN risk_case_changes AS e ON e.case_id = o.case_id
        WHERE o.case_state = 'open'
            AND e.case_id IS NULL
        ORDER BY o.case_id;
        INSERT INTO risk_case_hits (hit_id, case_id, added_at)
        SELECT
            h.hit_id,
            o.case_id,
            v_as_of
        FROM risk_cases AS o
        INNER JOIN risk_hits AS h ON h.customer_id = o.open_customer_id
        LEFT JOIN risk_case_hits AS x ON x.hit_id = h.hit_id
        WHERE x.hit_id IS NULL
        ORDER BY h.hit_id;
        SET v_hits = ROW_COUNT();
        COMMIT;
    END;
    DO RELEASE_LOCK(v_lock);

    SELECT
        v_cases AS opened_count,
        v_hits AS hit_count;
END$$

DELIMITER ;
