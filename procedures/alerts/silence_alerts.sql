DELIMITER $$

CREATE OR REPLACE PROCEDURE silence_alerts(
    IN in_rule_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject_pattern VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_from DATETIME,
    IN in_to DATETIME,
    IN in_reason VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_silence_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Silences notifications of some alerts from in_from (NULL: now) to in_to (UTC); alerts are
raised all the same, and the end of what was notified is notified. Patterns as in LIKE, NULL for
all. For recurring silences insert into alert_silences.
Errors: 30014 a setting of the session, 30002 argument.
Transaction: joins.
Example: CALL silence_alerts(''job_late'', NULL, NULL, ''2026-11-22 18:00:00'', ''maintenance'',
    NULL, @id)'
BEGIN
    CALL check_session(FALSE);
    IF in_to IS NULL OR in_to <= GREATEST(COALESCE(in_from, UTC_TIMESTAMP()), UTC_TIMESTAMP()) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts: in_to is missing, past, or not after in_from';
    END IF;
    -- Persons of the HTTP API are named by their token alone.
    IF COALESCE(in_by, '') LIKE 'api:%' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts: in_by cannot begin with api:';
    END IF;
    IF COALESCE(in_reason, '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts: in_reason is missing';
    END IF;
    INSERT INTO alert_silences (
        rule_pattern,
        subject_pattern,
        starts_at,
        ends_at,
        on_days,
        reason,
        created_by,
        created_at
    ) VALUES (
        COALESCE(in_rule_pattern, '%'),
        COALESCE(in_subject_pattern, '%'),
        COALESCE(in_from, UTC_TIMESTAMP()),
        in_to,
        'all',
        in_reason,
        COALESCE(in_by, acting_person()),
        UTC_TIMESTAMP()
    );
    SET out_silence_id = LAST_INSERT_ID();
END$$

DELIMITER ;
