DELIMITER $$

CREATE OR REPLACE PROCEDURE update_risk_scores()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'What keeps risk up to date, in order: rules are evaluated for what changed, scores
applied, cases opened.
Result: those of evaluate_rules, apply_risk_scores and open_risk_cases. A rule that fails raises
    the alert rule_failed.
Errors: 30001 open transaction, 30501 another evaluation is under way.
Transaction: owns.
Example: CALL update_risk_scores()'
BEGIN
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_rule VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_error VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE c_rules CURSOR FOR
        SELECT
            r.rule_id,
            IF(r.error_number IS NULL, NULL, COALESCE(r.error_message, 'no message'))
        FROM risk_rule_runs AS r
        WHERE r.run_id = (SELECT MAX(u.run_id) FROM risk_runs AS u);
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    CALL evaluate_rules(NULL);
    SET v_is_done = 0;
    OPEN c_rules;
    rules: LOOP
        FETCH c_rules INTO v_rule, v_error;
        IF v_is_done THEN
            LEAVE rules;
        END IF;
        IF v_error IS NULL THEN
            CALL resolve_alert('rule_failed', v_rule);
        ELSE
            CALL raise_alert('rule_failed', v_rule, 'WARNING', v_error);
        END IF;
    END LOOP;
    CLOSE c_rules;
    CALL apply_risk_scores(NULL);
    CALL open_risk_cases(NULL);
END$$

DELIMITER ;
