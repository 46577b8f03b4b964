DELIMITER $$

CREATE OR REPLACE FUNCTION utc_to_local(
    in_time_zone VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    in_utc DATETIME
)
RETURNS DATETIME
DETERMINISTIC
READS SQL DATA
COMMENT 'Local time in in_time_zone (IANA) of the instant in_utc, by time_zone_offsets; NULL when
the zone or the instant is not covered'
BEGIN
    DECLARE v_result DATETIME;
    SELECT (
        SELECT in_utc + INTERVAL o.offset_seconds SECOND
        FROM time_zone_offsets AS o
        WHERE o.time_zone = in_time_zone AND o.valid_from <= in_utc
        ORDER BY o.valid_from DESC
        LIMIT 1
    ) INTO v_result;
    RETURN v_result;
END$$

DELIMITER ;
