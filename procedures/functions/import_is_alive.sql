DELIMITER $$

CREATE OR REPLACE FUNCTION import_is_alive(
    in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
)
RETURNS TINYINT
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT '1 when a program is importing a file of the source in_source_name now, else 0: it holds the
lock of that source, which ends with its connection.
Example: SELECT import_is_alive(''amlsim'')'
BEGIN
    RETURN COALESCE(
        IS_USED_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 16), '.import.', in_source_name)), 0) > 0;
END$$

DELIMITER ;
