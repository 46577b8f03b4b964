DELIMITER $$

CREATE OR REPLACE FUNCTION is_data_error(
    in_errno INT,
    in_sql_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin
)
RETURNS TINYINT
DETERMINISTIC
NO SQL
COMMENT 'Whether an error comes from the values of a row (too large, impossible, refused by a
constraint) and so comes again each time, unlike a deadlock, a kill or a full disk'
BEGIN
    RETURN COALESCE(in_sql_state, '') LIKE '22%'
        -- NULL where none may be, truncated, incorrect value or date, check of a table (4025, on MySQL
        -- 3819): their states say less.
        OR COALESCE(in_errno, 0) IN (1048, 1265, 1292, 1366, 1411, 3819, 4025);
END$$

DELIMITER ;
