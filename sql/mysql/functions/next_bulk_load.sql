DELIMITER $$

CREATE OR REPLACE FUNCTION next_bulk_load()
RETURNS BIGINT
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Draws a number for this session to load in bulk, in place of a sequence. It is random: after a
restart of the server another session may get the same connection number, and must not guess it.
Example: SET @payops_bulk_load = next_bulk_load()'
BEGIN
    DECLARE v_number BIGINT DEFAULT CONV(HEX(RANDOM_BYTES(7)), 16, 10);

    INSERT INTO bulk_loads (connection_id, bulk_load)
    VALUES (CONNECTION_ID(), v_number)
    ON DUPLICATE KEY UPDATE bulk_load = VALUES(bulk_load);
    RETURN v_number;
END$$

DELIMITER ;
