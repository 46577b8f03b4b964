DELIMITER $$

CREATE OR REPLACE FUNCTION local_to_utc(
    in_time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    in_local DATETIME
)
RETURNS DATETIME
DETERMINISTIC
READS SQL DATA
COMMENT 'Instant (UTC) of the local time in_local in in_time_zone (IANA): of a time that occurs
twice the later instant, of a skipped time the instant by the offset before the change; NULL when
not covered'
BEGIN
    DECLARE v_result DATETIME;
    -- The newest offset that is in force at the instant it implies; a skipped local time has none
    -- such and falls to the offset before the change.
    SELECT (
        SELECT in_local - INTERVAL o.offset_seconds SECOND
        FROM time_zone_offsets AS o
        WHERE o.time_zone = in_time_zone
            AND o.valid_from <= in_local + INTERVAL 1 DAY
            AND o.valid_from <= in_local - INTERVAL o.offset_seconds SECOND
        ORDER BY o.valid_from DESC
        LIMIT 1
    ) INTO v_result;
    RETURN v_result;
END$$

DELIMITER ;
