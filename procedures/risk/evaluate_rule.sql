DELIMITER $$

CREATE OR REPLACE PROCEDURE evaluate_rule(
    IN in_run_id BIGINT,
    IN in_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rule_version INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Reads one rule and keeps its hits. When it fails its hits are rolled back, the failure is
kept in risk_rule_runs and routine_errors, and the caller continues.
Transaction: owns'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_hits BIGINT;
    DECLARE v_new_hits BIGINT;
    DECLARE v_last_hit_id BIGINT;
    DECLARE v_attempts INT DEFAULT 1;
    DECLARE v_is_done BOOLEAN DEFAULT FALSE;
    DECLARE v_began DATETIME(6) DEFAULT UTC_TIMESTAMP(6);

    -- Again where the statement could not be prepared: MySQL tries it three times, and starts anew
    -- whenever a routine of any schema is created meanwhile, as a deployment does.
    REPEAT
        BEGIN
            DECLARE EXIT HANDLER FOR SQLEXCEPTION
            BEGIN
                CALL read_error(v_errno, v_state, v_message);
                ROLLBACK;
                -- No failure of the rule: this run may write nothing any more.
                IF v_errno IN (30602, 30606) THEN
                    RESIGNAL;
                END IF;
                SET v_hits = NULL;
                SET v_new_hits = NULL;
                IF v_errno = 1615 AND v_attempts < 5 THEN
                    DO SLEEP(0.2 * v_attempts);
                    SET v_attempts = v_attempts + 1;
                    SET v_errno = NULL;
                    SET v_message = NULL;
                ELSE
                    CALL log_routine_error(
                        'evaluate_rule', v_errno, v_state, CONCAT(in_rule_id, ': ', v_message));
                    SET v_is_done = TRUE;
                END IF;
            END;

            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            CALL find_rule_hits(in_rule_id, in_view_name);
            SELECT COALESCE(MAX(h.hit_id), 0)
            INTO v_last_hit_id
            FROM risk_hits AS h;
            INSERT INTO risk_hits (
                rule_id,
                rule_version,
                subject,
                window_from,
                window_to,
                customer_id,
                account_id,
                transaction_id,
                measured_value,
                threshold_value,
                points,
                evidence,
                first_found_at,
                last_found_at
            )
            SELECT
                in_rule_id,
                in_rule_version,
                f.subject,
                f.window_from,
                f.window_to,
                f.customer_id,
                f.account_id,
                f.transaction_id,
                f.measured_value,
                f.threshold_value,
                f.points,
                f.evidence,
                as_of(),
                as_of()
            FROM found_hits AS f
            -- In the order of the key that is locked, so that hits have the same numbers on any server.
            ORDER BY f.subject, f.window_from, f.measured_value, f.evidence
            -- A rule that finds a window twice in one run: the largest measure counts.
            ON DUPLICATE KEY UPDATE
                evidence = IF(
                    risk_hits.last_found_at = VALUES(last_found_at)
                        AND risk_hits.measured_value > VALUES(measured_value),
                    risk_hits.evidence, VALUES(evidence)),
                measured_value = IF(
                    risk_hits.last_found_at = VALUES(last_found_at),
                    GREATEST(risk_hits.measured_value, VALUES(measured_value)),
                    VALUES(measured_value)),
                threshold_value = VALUES(threshold_value),
                window_to = VALUES(window_to),
                last_found_at = GREATEST(risk_hits.last_found_at, VALUES(last_found_at));
            SELECT COUNT(*)
            INTO v_hits
            FROM found_hits AS f;
            SELECT COUNT(*)
            INTO v_new_hits
            FROM risk_hits AS h
            WHERE h.hit_id > v_last_hit_id;
            COMMIT;
            SET v_is_done = TRUE;
        END;
    UNTIL v_is_done
    END REPEAT;
    DROP TEMPORARY TABLE IF EXISTS found_hits;

    INSERT INTO risk_rule_runs (
        run_id,
        rule_id,
        rule_version,
        hit_count,
        new_hit_count,
        duration_ms,
        error_number,
        error_message
    ) VALUES (
        in_run_id,
        in_rule_id,
        in_rule_version,
        v_hits,
        v_new_hits,
        TIMESTAMPDIFF(MICROSECOND, v_began, UTC_TIMESTAMP(6)) DIV 1000,
        v_errno,
        v_message
    );
    IF @@in_transaction THEN
        COMMIT;
    END IF;
END$$

DELIMITER ;
