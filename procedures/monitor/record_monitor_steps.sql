DELIMITER $$

CREATE OR REPLACE PROCEDURE record_monitor_steps(
    IN in_steps LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    IN in_replaces TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps judged steps of series, for the view monitor_series. A step that is there stays as it
was judged; only what was observed may be replaced.
Parameters:
    in_steps: JSON, an array with an object for each step: metric_name, member, metric_minute (first
        minute, UTC), observed_value, event_count, expected_value, lower_value, upper_value, score,
        chance, corrected_chance, evidence, sample_size, verdict (normal, anomalous, no_verdict) and
        reason; what is missing is NULL
    in_replaces: 1 when a step that is there gets the new observed_value, 0 when it is left alone
Result set: recorded_count, the steps given
Errors: 30002 in_steps is not a JSON array, or in_replaces is not 0 or 1; a value that does not
    fit its column is refused by the server, which names it.
Transaction: joins.
Example: CALL record_monitor_steps(''[]'', 0)'
BEGIN
    IF in_steps IS NULL OR NOT JSON_VALID(in_steps) OR JSON_TYPE(in_steps) <> 'ARRAY' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'record_monitor_steps: the steps are not a JSON array';
    END IF;
    IF in_replaces IS NULL OR in_replaces NOT IN (0, 1) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'record_monitor_steps: in_replaces is not 0 or 1';
    END IF;
    INSERT INTO monitor_points (
        metric_name,
        member,
        metric_minute,
        observed_value,
        event_count,
        expected_value,
        lower_value,
        upper_value,
        score,
        chance,
        corrected_chance,
        evidence,
        sample_size,
        verdict,
        reason
    )
    SELECT
        s.metric_name,
        s.member,
        s.metric_minute,
        s.observed_value,
        s.event_count,
        s.expected_value,
        s.lower_value,
        s.upper_value,
        s.score,
        s.chance,
        s.corrected_chance,
        s.evidence,
        s.sample_size,
        s.verdict,
        s.reason
    -- As texts: JSON_TABLE itself would cut a text that is too long, and read 'abc' as 0.
    FROM JSON_TABLE(
        in_steps,
        '$[*]' COLUMNS (
            metric_name LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.metric_name' ERROR ON ERROR,
            member LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.member' ERROR ON ERROR,
            metric_minute LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.metric_minute' ERROR ON ERROR,
            observed_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.observed_value' ERROR ON ERROR,
            event_count LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.event_count' ERROR ON ERROR,
            expected_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.expected_value' ERROR ON ERROR,
            lower_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.lower_value' ERROR ON ERROR,
            upper_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.upper_value' ERROR ON ERROR,
            score LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.score' ERROR ON ERROR,
            chance LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.chance' ERROR ON ERROR,
            corrected_chance LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.corrected_chance' ERROR ON ERROR,
            evidence LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.evidence' ERROR ON ERROR,
            sample_size LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.sample_size' ERROR ON ERROR,
            verdict LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.verdict' ERROR ON ERROR,
            reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.reason' ERROR ON ERROR
        )
    ) AS s
    ON DUPLICATE KEY UPDATE
        observed_value = IF(
            in_replaces = 1, VALUES(observed_value), monitor_points.observed_value);
    SELECT JSON_LENGTH(in_steps) AS recorded_count;
END$$

DELIMITER ;
