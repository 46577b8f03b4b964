DELIMITER $$

CREATE OR REPLACE FUNCTION server_clock()
RETURNS DATETIME(6)
NOT DETERMINISTIC
NO SQL
COMMENT 'Instant (UTC) by the clock of the server, whatever the session says. SET timestamp moves
UTC_TIMESTAMP() of a session, and --sysdate-is-now moves SYSDATE() with it. The clock inside a
version 1 UUID (RFC 4122: 100 ns since 1582-10-15) is read when the UUID is made, and no setting of
a session reaches it.
Example: SELECT server_clock()'
BEGIN
    DECLARE v_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();

    RETURN TIMESTAMP'1582-10-15 00:00:00' + INTERVAL CONV(
        CONCAT(SUBSTR(v_uuid, 16, 3), SUBSTR(v_uuid, 10, 4), LEFT(v_uuid, 8)), 16, 10) DIV 10
        MICROSECOND;
END$$

DELIMITER ;
