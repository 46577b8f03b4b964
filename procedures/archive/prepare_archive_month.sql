DELIMITER $$

CREATE OR REPLACE PROCEDURE prepare_archive_month(
    IN in_month DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes the partitions of a month in both tables of the archive, where they are not there
yet.
Helper: commits'
BEGIN
    DECLARE v_table VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_position INT DEFAULT 0;
    DECLARE v_bound INT;
    DECLARE v_month_end INT DEFAULT TO_DAYS(in_month + INTERVAL 1 MONTH);
    DECLARE v_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_partition VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(
        'PARTITION p', DATE_FORMAT(in_month, '%Y%m'), ' VALUES LESS THAN (',
        v_month_end, ')');

    WHILE v_position < 2 DO
        SET v_table = ELT(v_position + 1, 'transactions_archive', 'settlements_archive');
        SET v_name = NULL;
        SET v_bound = NULL;
        -- The partition in which the month would lie now: the next later one, if there is any.
        SELECT
            p.partition_name,
            CAST(p.partition_description AS SIGNED)
        INTO v_name, v_bound
        FROM information_schema.partitions AS p
        WHERE p.table_schema = DATABASE()
            AND p.table_name = v_table
            AND CAST(p.partition_description AS SIGNED) >= v_month_end
        ORDER BY p.partition_ordinal_position
        LIMIT 1;
        IF v_name IS NULL THEN
            EXECUTE IMMEDIATE CONCAT('ALTER TABLE ', v_table, ' ADD PARTITION (', v_partition, ')');
        ELSEIF v_bound > v_month_end THEN
            EXECUTE IMMEDIATE CONCAT(
                'ALTER TABLE ', v_table, ' REORGANIZE PARTITION ', v_name, ' INTO (', v_partition,
                ', PARTITION ', v_name, ' VALUES LESS THAN (', v_bound, '))');
        END IF;
        SET v_position = v_position + 1;
    END WHILE;
END$$

DELIMITER ;
