DELIMITER $$

CREATE OR REPLACE PROCEDURE erase_personal_text()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Puts [erased] in the place of each text that holds one of personal_values, in the columns
that personal_findings names, and counts the rows in personal_counts. The whole text goes: what
stands around a name may show whose it is.
Transaction: joins'
BEGIN
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_table VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_column VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE c_findings CURSOR FOR
        SELECT f.table_name, f.column_name
        FROM personal_findings AS f
        ORDER BY f.table_name, f.column_name;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    OPEN c_findings;
    findings: LOOP
        FETCH c_findings INTO v_table, v_column;
        IF v_is_done THEN
            LEAVE findings;
        END IF;
        EXECUTE IMMEDIATE CONCAT(
            'UPDATE `', REPLACE(v_table, '`', '``'), '` AS t SET t.`',
            REPLACE(v_column, '`', '``'), '` = ''[erased]'' WHERE EXISTS (SELECT 1 FROM'
            ' personal_values AS p WHERE LOCATE(p.personal_value, CONVERT(t.`',
            REPLACE(v_column, '`', '``'), '` USING utf8mb4) COLLATE utf8mb4_general_ci) > 0)');
        CALL count_erased_rows(v_table, ROW_COUNT());
    END LOOP;
    CLOSE c_findings;
END$$

DELIMITER ;
