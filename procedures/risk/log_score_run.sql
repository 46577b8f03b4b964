DELIMITER $$

CREATE OR REPLACE PROCEDURE log_score_run(
    IN in_as_of DATETIME,
    IN in_event_count BIGINT,
    IN in_changed_count BIGINT,
    IN in_errno INT,
    IN in_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_started_at DATETIME(3)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes a row into risk_score_runs: with the scores when they were changed, by itself after
a failure.
Transaction: joins'
BEGIN
    -- A full disk must not hide the error that is being reported.
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION
    BEGIN
        IF in_errno IS NULL THEN
            RESIGNAL;
        END IF;
    END;
    INSERT INTO risk_score_runs (
        as_of,
        event_count,
        changed_count,
        error_number,
        error_message,
        started_at,
        ended_at,
        cap_hits
    ) VALUES (
        in_as_of,
        in_event_count,
        in_changed_count,
        in_errno,
        in_message,
        in_started_at,
        UTC_TIMESTAMP(3),
        (
            SELECT g.setting_value + 0
            FROM settings AS g
            WHERE g.setting_name = 'risk_rule_cap_hits'
        )
    );
    IF in_errno IS NOT NULL AND @@autocommit = 0 THEN
        COMMIT;
    END IF;
END$$

DELIMITER ;
