DELIMITER $$

CREATE OR REPLACE PROCEDURE explain_alert(
    IN in_alert_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Recomputes why an alert of the monitor fired, from the stored verdicts of each step.
Results: (1) one row per time that it fired or rose: evidence_number, severity, since_minute,
    until_minute, recomputed_severity, recomputed_since, explanation (reproduced; differs; gone:
    the steps are no longer kept); (2) the steps of the last time: metric_minute, observed_value,
    event_count, expected_value, lower_value, upper_value, chance, corrected_chance, verdict,
    evidence (powers of ten), evidence_sum.
Errors: 30655 no such alert of a metric.
Transaction: joins.
Example: CALL explain_alert(17)'
BEGIN
    DECLARE v_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_member VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_columns VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_opening INT;
    DECLARE v_from DATETIME;
    DECLARE v_to DATETIME;
    DECLARE v_step INT;
    DECLARE v_clear INT;
    DECLARE v_fast DOUBLE;
    DECLARE v_fast_number INT;
    DECLARE v_minimum_effect DOUBLE;
    DECLARE v_gap_is_quiet TINYINT(1);
    DECLARE v_minute DATETIME;
    DECLARE v_observed DOUBLE;
    DECLARE v_expected DOUBLE;
    DECLARE v_chance DOUBLE;
    DECLARE v_verdict VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_evidence DOUBLE;
    DECLARE v_sum DOUBLE;
    DECLARE v_sum_from DATETIME;
    DECLARE v_run_from DATETIME;
    DECLARE v_last DATETIME;
    DECLARE v_anomalous INT;
    DECLARE v_judged INT;
    DECLARE v_quiet INT;
    DECLARE v_raised INT;
    DECLARE v_found INT;
    DECLARE v_since DATETIME;
    DECLARE v_lasted INT;
    DECLARE v_done TINYINT(1) DEFAULT 0;
    DECLARE c_openings CURSOR FOR
        SELECT
            e.reopened_count,
            MIN(e.since_minute),
            MAX(e.until_minute)
        FROM alert_evidence AS e
        WHERE e.alert_id = in_alert_id
        GROUP BY e.reopened_count
        ORDER BY e.reopened_count;
    DECLARE c_points CURSOR FOR
        SELECT
            p.metric_minute,
            p.observed_value,
            p.expected_value,
            p.corrected_chance,
            p.verdict,
            p.evidence
        FROM monitor_points AS p
        WHERE p.metric_name = v_metric
            AND p.member = v_member
            AND p.metric_minute >= v_from
            AND p.metric_minute < v_to
        ORDER BY p.metric_minute;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;

    SELECT
        SUBSTRING(a.alert_rule, 9),
        a.alert_subject
    INTO v_metric, v_member
    FROM alerts AS a
    WHERE a.alert_id = in_alert_id
        AND EXISTS (SELECT 1 FROM alert_evidence AS e WHERE e.alert_id = a.alert_id);
    IF v_metric IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30655,
            MESSAGE_TEXT = 'explain_alert: there is no such alert of a metric';
    END IF;
    DROP TEMPORARY TABLE IF EXISTS explained_changes;
    CREATE TEMPORARY TABLE explained_changes (
        reopened_count INT NOT NULL,
        until_minute DATETIME NOT NULL,
        recomputed_number INT NOT NULL,
        recomputed_since DATETIME NULL
    );
    DROP TEMPORARY TABLE IF EXISTS explained_sums;
    CREATE TEMPORARY TABLE explained_sums (
        reopened_count INT NOT NULL,
        metric_minute DATETIME NOT NULL,
        evidence_sum DOUBLE NOT NULL
    );

    OPEN c_openings;
    openings: LOOP
        SET v_done = 0;
        FETCH c_openings INTO v_opening, v_from, v_to;
        IF v_done THEN
            LEAVE openings;
        END IF;
        SELECT
            e.metric_columns,
            JSON_VALUE(e.metric_columns, '$.step_minutes'),
            GREATEST(1, JSON_VALUE(e.metric_columns, '$.clear_minutes')),
            JSON_VALUE(e.metric_columns, '$.fast_evidence'),
            FIND_IN_SET(
                JSON_VALUE(e.metric_columns, '$.fast_severity'),
                -- all severities: '[{name}|,]'),
                'INFO,WARNING,CRITICAL,SEVERE'),
                -- end
            COALESCE(JSON_VALUE(
                JSON_VALUE(e.metric_columns, '$.detector_parameters'), '$.minimum_effect'), 0),
            JSON_VALUE(e.metric_columns, '$.gap_is_quiet')
        INTO v_columns, v_step, v_clear, v_fast, v_fast_number, v_minimum_effect, v_gap_is_quiet
        FROM alert_evidence AS e
        WHERE e.alert_id = in_alert_id
            AND e.reopened_count = v_opening
        ORDER BY e.evidence_number
        LIMIT 1;
        SET v_sum = 0;
        SET v_sum_from = NULL;
        SET v_run_from = NULL;
        SET v_last = NULL;
        SET v_anomalous = 0;
        SET v_judged = 0;
        SET v_quiet = 0;
        SET v_raised = 0;

        OPEN c_points;
        points: LOOP
            SET v_done = 0;
            FETCH c_points INTO v_minute, v_observed, v_expected, v_chance, v_verdict, v_evidence;
            IF v_done THEN
                LEAVE points;
            END IF;
            IF v_verdict = 'no_verdict' AND NOT (v_gap_is_quiet = 1 AND v_observed IS NULL) THEN
                ITERATE points;
            END IF;
            -- A departure that is too small to matter is as good as none.
            IF v_verdict = 'normal'
                AND COALESCE(ABS(v_observed - v_expected), 0) <= v_minimum_effect
            THEN
                SET v_chance = 1;
            END IF;
            IF v_fast IS NOT NULL AND v_evidence IS NOT NULL THEN
                SET v_sum = LEAST(GREATEST(0, v_sum + LEAST(5, v_evidence)), v_fast);
                SET v_sum_from = IF(v_sum = 0, NULL, COALESCE(v_sum_from, v_minute));
            END IF;
            IF v_run_from IS NOT NULL THEN
                SET v_judged = v_judged + 1;
            END IF;
            IF v_verdict = 'anomalous' THEN
                IF v_run_from IS NULL THEN
                    SET v_run_from = v_minute;
                    SET v_anomalous = 0;
                    SET v_judged = 1;
                END IF;
                SET v_anomalous = v_anomalous + 1;
                SET v_last = v_minute;
                SET v_quiet = 0;
            ELSEIF COALESCE(v_chance, 1) > 0.1 THEN
                SET v_quiet = v_quiet + v_step;
            END IF;

            SET v_found = 0;
            SET v_since = NULL;
            SET v_lasted = TIMESTAMPDIFF(MINUTE, v_run_from, v_last) + v_step;
            IF v_run_from IS NOT NULL
                AND 2 * v_anomalous >= v_judged
                AND v_anomalous >= LEAST(4, JSON_VALUE(v_columns, '$.info_minutes') DIV v_step)
                AND v_lasted >= JSON_VALUE(v_columns, '$.info_minutes') + 0
            THEN
                SET v_found = 1 + (v_lasted >= JSON_VALUE(v_columns, '$.warning_minutes') + 0)
                    + (v_lasted >= JSON_VALUE(v_columns, '$.critical_minutes') + 0)
                    + (v_lasted >= JSON_VALUE(v_columns, '$.severe_minutes') + 0);
                SET v_since = v_run_from;
            END IF;
            IF v_sum >= v_fast AND v_fast_number > v_found THEN
                SET v_found = v_fast_number;
                SET v_since = LEAST(v_sum_from, COALESCE(v_run_from, v_sum_from));
            END IF;
            INSERT INTO explained_sums VALUES (v_opening, v_minute, v_sum);
            IF v_found > v_raised THEN
                SET v_raised = v_found;
                SET v_quiet = IF(v_verdict = 'anomalous', 0, LEAST(v_quiet, v_clear - 1));
                INSERT INTO explained_changes VALUES (
                    v_opening, v_minute + INTERVAL v_step MINUTE, v_found, v_since);
            ELSEIF v_quiet >= v_clear THEN
                SET v_run_from = NULL;
            END IF;
        END LOOP;
        CLOSE c_points;
    END LOOP;
    CLOSE c_openings;

    SELECT
        e.evidence_number,
        e.severity,
        e.since_minute,
        e.until_minute,
        -- all severities: ELT(c.recomputed_number, ['{name}']) AS recomputed_severity,
        ELT(c.recomputed_number, 'INFO', 'WARNING', 'CRITICAL', 'SEVERE') AS recomputed_severity,
        -- end
        c.recomputed_since,
        CASE
            WHEN e.severity + 0 = c.recomputed_number AND e.since_minute = c.recomputed_since
                THEN 'reproduced'
            WHEN EXISTS (
                SELECT 1
                FROM monitor_points AS p
                WHERE p.metric_name = v_metric
                    AND p.member = v_member
                    AND p.metric_minute = e.since_minute
            ) THEN 'differs'
            ELSE 'gone' END AS explanation
    FROM alert_evidence AS e
    LEFT JOIN explained_changes AS c
        ON c.reopened_count = e.reopened_count
            AND c.until_minute = e.until_minute
    WHERE e.alert_id = in_alert_id
    ORDER BY e.evidence_number;

    SELECT
        p.metric_minute,
        p.observed_value,
        p.event_count,
        p.expected_value,
        p.lower_value,
        p.upper_value,
        p.chance,
        p.corrected_chance,
        p.verdict,
        p.evidence,
        s.evidence_sum
    FROM monitor_points AS p
    LEFT JOIN explained_sums AS s
        ON s.metric_minute = p.metric_minute
            AND s.reopened_count = v_opening
    WHERE p.metric_name = v_metric
        AND p.member = v_member
        AND p.metric_minute >= v_from
        AND p.metric_minute < v_to
    ORDER BY p.metric_minute;
    DROP TEMPORARY TABLE explained_changes;
    DROP TEMPORARY TABLE explained_sums;
END$$

DELIMITER ;
