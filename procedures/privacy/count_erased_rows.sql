DELIMITER $$

CREATE OR REPLACE PROCEDURE count_erased_rows(
    IN in_table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_row_count BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds the rows that a statement of erase_customer changed to personal_counts.
Transaction: joins'
BEGIN
    IF in_row_count > 0 THEN
        INSERT INTO personal_counts (table_name, row_count)
        VALUES (in_table_name, in_row_count)
        ON DUPLICATE KEY UPDATE row_count = row_count + VALUES(row_count);
    END IF;
END$$

DELIMITER ;
