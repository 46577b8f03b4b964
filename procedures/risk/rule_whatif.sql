DELIMITER $$

CREATE OR REPLACE PROCEDURE rule_whatif(
    IN in_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_parameters VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_from DATE,
    IN in_to DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'What a rule would have found on all accounts from in_from to in_to with other parameters
(JSON object, as in propose_rule_version), beside the version that counts. Everything is rolled
back: no hit, score or version changes. Result, a row for each of live and draft: hits, hits a day,
customers, hits that both find, hits in a window of a confirmed or reported case of the customer,
money of the payments in the windows (base currency).
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30501 an
    evaluation is under way, 30503 no such rule, 30507 archived.
Transaction: owns, rolled back.
Example: CALL rule_whatif(''A03'', ''{"minimum_count": 4}'', ''2026-10-01'', ''2026-10-31'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_draft INT;
    DECLARE v_caller_as_of DATETIME DEFAULT @payops_as_of;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules');

    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'rule_whatif: the period is missing or ends before it begins';
    END IF;
    IF EXISTS (
        SELECT 1
        FROM archive_months AS m
        WHERE m.payment_count > 0
            AND m.month_start + INTERVAL 1 MONTH > in_from
    ) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30507,
            MESSAGE_TEXT = 'rule_whatif: payments of the period are in the archive';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'rule_whatif: called inside an open transaction';
    END IF;
    CALL check_work_session(TRUE);
    SELECT r.view_name
    INTO v_view_name
    FROM rules AS r
    WHERE r.rule_id = in_rule_id
        AND r.active_version IS NOT NULL;
    IF v_view_name IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30503,
            MESSAGE_TEXT = 'rule_whatif: the rule does not exist or has no active version';
    END IF;
    IF COALESCE(GET_LOCK(v_lock, 0), 0) <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30501,
            MESSAGE_TEXT = 'rule_whatif: an evaluation is under way';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            SET @payops_as_of = v_caller_as_of;
            DO RELEASE_LOCK(v_lock);
            CALL log_routine_error('rule_whatif', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET @payops_as_of = LEAST(as_of(), TIMESTAMP(in_to) + INTERVAL 86399 SECOND);
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        DELETE FROM risk_scope;
        INSERT INTO risk_scope (account_id, customer_id, from_date)
        SELECT
            a.account_id,
            a.customer_id,
            in_from
        FROM accounts AS a;
        DELETE FROM risk_scope_day;
        CALL refresh_risk_features();
        CALL find_rule_hits(in_rule_id, v_view_name);
        DROP TEMPORARY TABLE IF EXISTS whatif_hits;
        -- Narrow: on MySQL it is in memory, where it outlives the ROLLBACK.
        CREATE TEMPORARY TABLE whatif_hits ENGINE = Aria TRANSACTIONAL = 0
        SELECT DISTINCT
            CAST('live' AS CHAR(8)) AS variant,
            f.subject,
            f.window_from,
            f.window_to,
            f.customer_id,
            f.account_id,
            f.transaction_id,
            f.measured_value,
            f.threshold_value,
            f.points,
            SHA2(f.evidence, 256) AS evidence_hash
        FROM found_hits AS f;
        CALL propose_rule_version(in_rule_id, in_parameters, NULL, v_draft);
        UPDATE rules
        SET active_version = v_draft
        WHERE rule_id = in_rule_id;
        CALL find_rule_hits(in_rule_id, v_view_name);
        INSERT INTO whatif_hits
        SELECT DISTINCT
            'draft' AS variant,
            f.subject,
            f.window_from,
            f.window_to,
            f.customer_id,
            f.account_id,
            f.transaction_id,
            f.measured_value,
            f.threshold_value,
            f.points,
            SHA2(f.evidence, 256) AS evidence_hash
        FROM found_hits AS f;
        -- As if nothing had been: the temporary table is in no transaction.
        ROLLBACK;
    END;
    SET @payops_as_of = v_caller_as_of;
    DO RELEASE_LOCK(v_lock);

    CREATE TEMPORARY TABLE whatif_other ENGINE = Aria TRANSACTIONAL = 0
    SELECT
        w.variant,
        w.subject,
        w.window_from
    FROM whatif_hits AS w;
    SELECT
        n.variant,
        COUNT(w.subject) AS hit_count,
        CAST(
            1.000000 * COUNT(w.subject) / (DATEDIFF(in_to, in_from) + 1)
        AS DECIMAL(19, 4)) AS hits_per_day,
        COUNT(DISTINCT w.customer_id) AS customer_count,
        COUNT(o.subject) AS common_count,
        COALESCE(SUM(EXISTS (
            SELECT 1
            FROM risk_cases AS c
            INNER JOIN risk_case_hits AS x ON x.case_id = c.case_id
            INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
            WHERE c.customer_id = w.customer_id
                AND c.disposition IN ('confirmed', 'reported')
                AND h.window_from <= w.window_to
                AND h.window_to >= w.window_from
        )), 0) AS confirmed_count,
        COALESCE(SUM((
            SELECT SUM(t.base_amount)
            FROM transactions AS t
            WHERE t.account_id = w.account_id
                AND t.transaction_time BETWEEN w.window_from AND w.window_to
                AND t.status = 'completed'
                AND t.transaction_id = COALESCE(w.transaction_id, t.transaction_id)
        )), 0) AS amount
    FROM (
        SELECT 'live' AS variant
        UNION ALL
        SELECT 'draft'
    ) AS n
    LEFT JOIN whatif_hits AS w ON w.variant = n.variant
    LEFT JOIN whatif_other AS o
        ON o.variant <> w.variant AND o.subject = w.subject AND o.window_from = w.window_from
    GROUP BY n.variant
    ORDER BY n.variant DESC;
    DROP TEMPORARY TABLE whatif_hits;
    DROP TEMPORARY TABLE whatif_other;
    DROP TEMPORARY TABLE IF EXISTS found_hits;
END$$

DELIMITER ;
