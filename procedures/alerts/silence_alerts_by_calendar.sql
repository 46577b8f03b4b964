DELIMITER $$

CREATE OR REPLACE PROCEDURE silence_alerts_by_calendar(
    IN in_rule_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject_pattern VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_from DATETIME,
    IN in_to DATETIME,
    IN in_calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_on_days VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_from_time TIME,
    IN in_to_time TIME,
    IN in_reason VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    OUT out_silence_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Silences notifications of some alerts again and again, from in_from (NULL: now) to in_to
(UTC): on days of a calendar, in_on_days business, closed (weekends and holidays) or all (also
NULL), from in_from_time (NULL: 00:00) until in_to_time (NULL: 24:00) of its clock; hours over
midnight are two silences. Patterns as in LIKE, NULL for all.
Errors: 30014 a setting of the session, 30002 argument.
Transaction: joins.
Example: CALL silence_alerts_by_calendar(''freshness%'', NULL, NULL, ''2027-12-31'', ''TARGET'',
    ''closed'', NULL, NULL, ''no settlement'', NULL, @id)'
BEGIN
    CALL check_session(FALSE);
    IF in_to IS NULL OR in_to <= GREATEST(COALESCE(in_from, UTC_TIMESTAMP()), UTC_TIMESTAMP()) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: in_to is missing, past, or not after in_from';
    END IF;
    -- Persons of the HTTP API are named by their token alone.
    IF COALESCE(in_by, '') LIKE 'api:%' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: in_by cannot begin with api:';
    END IF;
    IF COALESCE(in_reason, '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: in_reason is missing';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM calendars AS c WHERE c.calendar_name = in_calendar_name) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: there is no such calendar';
    END IF;
    IF COALESCE(in_on_days, 'all') NOT IN ('all', 'business', 'closed') THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: in_on_days is not all, business or closed';
    END IF;
    IF COALESCE(in_from_time, '00:00:00') < '00:00:00'
        OR COALESCE(in_to_time, '24:00:00') > '24:00:00'
        OR COALESCE(in_from_time, '00:00:00') >= COALESCE(in_to_time, '24:00:00')
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'silence_alerts_by_calendar: in_to_time is not after in_from_time, or no time of a day';
    END IF;
    INSERT INTO alert_silences (
        rule_pattern,
        subject_pattern,
        starts_at,
        ends_at,
        calendar_name,
        on_days,
        from_time,
        to_time,
        reason,
        created_by,
        created_at
    ) VALUES (
        COALESCE(in_rule_pattern, '%'),
        COALESCE(in_subject_pattern, '%'),
        COALESCE(in_from, UTC_TIMESTAMP()),
        in_to,
        in_calendar_name,
        COALESCE(in_on_days, 'all'),
        COALESCE(in_from_time, '00:00:00'),
        COALESCE(in_to_time, '24:00:00'),
        in_reason,
        COALESCE(in_by, acting_person()),
        UTC_TIMESTAMP()
    );
    SET out_silence_id = LAST_INSERT_ID();
END$$

DELIMITER ;
