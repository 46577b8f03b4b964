DELIMITER $$

CREATE OR REPLACE FUNCTION alert_silence(
    in_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    in_subject VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_at DATETIME
)
RETURNS BIGINT
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'The silence that covers alerts of a rule and subject at an instant (UTC), the one that
lasts longest; NULL when none does'
BEGIN
    RETURN (
        SELECT s.silence_id
        FROM alert_silences AS s
        WHERE s.ends_at > in_at
            AND s.starts_at <= in_at
            AND in_rule LIKE s.rule_pattern
            AND in_subject LIKE s.subject_pattern
            AND is_within_hours(s.calendar_name, s.on_days, s.from_time, s.to_time, in_at) = 1
        ORDER BY s.ends_at DESC
        LIMIT 1
    );
END$$

DELIMITER ;
