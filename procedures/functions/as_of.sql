DELIMITER $$

CREATE OR REPLACE FUNCTION as_of()
RETURNS DATETIME
DETERMINISTIC
NO SQL
COMMENT 'Instant (UTC) that every view calls now: @payops_as_of when set, else the clock.
DETERMINISTIC so that it bounds index ranges; evaluated anew for every statement.
Example: SET @payops_as_of = ''2026-11-21 12:00:00'''
BEGIN
    RETURN COALESCE(@payops_as_of, UTC_TIMESTAMP());
END$$

DELIMITER ;
