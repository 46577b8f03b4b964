DELIMITER $$

CREATE OR REPLACE PROCEDURE find_personal_text(
    OUT out_column_count INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Looks for the texts in the temporary table personal_values in every column of the schema
that can hold them, whatever the case of letters, and puts what it finds into personal_findings:
table, column, rows. The table customers is left out: its rows of other customers are theirs.
Result: columns searched.
Transaction: joins'
BEGIN
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_table VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_column VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_texts LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_shortest INT;
    DECLARE c_tables CURSOR FOR
        SELECT
            c.table_name,
            GROUP_CONCAT(
                'CONVERT(t.`', REPLACE(c.column_name, '`', '``'),
                '` USING utf8mb4) COLLATE utf8mb4_general_ci')
        FROM information_schema.columns AS c
        -- DISTINCT: joined without, the tables of every schema of the server would be read.
        INNER JOIN (
            SELECT DISTINCT i.table_name
            FROM information_schema.tables AS i
            WHERE i.table_schema = DATABASE()
                AND i.table_type = 'BASE TABLE'
        ) AS t ON t.table_name = c.table_name
        WHERE c.table_schema = DATABASE()
            AND c.table_name <> 'customers'
            AND c.data_type NOT IN ('enum', 'set')
            AND c.character_maximum_length >= v_shortest
        GROUP BY c.table_name;
    DECLARE c_columns CURSOR FOR
        SELECT c.column_name
        FROM information_schema.columns AS c
        WHERE c.table_schema = DATABASE()
            AND c.table_name = v_table
            AND c.data_type NOT IN ('enum', 'set')
            AND c.character_maximum_length >= v_shortest;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    SET out_column_count = 0;
    DELETE FROM personal_findings;
    SELECT MIN(CHAR_LENGTH(p.personal_value))
    INTO v_shortest
    FROM personal_values AS p;
    -- Long lists of columns must not be cut.
    SET @payops_group_concat_max_len = @@group_concat_max_len;
    SET SESSION group_concat_max_len = 1048576;
    OPEN c_tables;
    SET SESSION group_concat_max_len = @payops_group_concat_max_len;
    tables: LOOP
        FETCH c_tables INTO v_table, v_texts;
        IF v_is_done THEN
            LEAVE tables;
        END IF;
        -- A table is read once; only where something is found are its columns looked at.
        EXECUTE IMMEDIATE CONCAT(
            'SELECT EXISTS (SELECT 1 FROM `', REPLACE(v_table, '`', '``'), '` AS t'
            ' INNER JOIN personal_values AS p ON LOCATE(p.personal_value, CONCAT_WS(''\n'', ',
            v_texts, ')) > 0) INTO @payops_is_found');
        OPEN c_columns;
        columns: LOOP
            FETCH c_columns INTO v_column;
            IF v_is_done THEN
                LEAVE columns;
            END IF;
            SET out_column_count = out_column_count + 1;
            IF @payops_is_found THEN
                EXECUTE IMMEDIATE CONCAT(
                    'INSERT INTO personal_findings SELECT ?, ?, COUNT(*) FROM `',
                    REPLACE(v_table, '`', '``'), '` AS t WHERE EXISTS (SELECT 1 FROM'
                    ' personal_values AS p WHERE LOCATE(p.personal_value, CONVERT(t.`',
                    REPLACE(v_column, '`', '``'),
                    '` USING utf8mb4) COLLATE utf8mb4_general_ci) > 0) HAVING COUNT(*) > 0')
                USING v_table, v_column;
            END IF;
        END LOOP;
        CLOSE c_columns;
        SET v_is_done = 0;
    END LOOP;
    CLOSE c_tables;
END$$

DELIMITER ;
