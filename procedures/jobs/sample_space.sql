DELIMITER $$

CREATE OR REPLACE PROCEDURE sample_space()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps what each table takes on disk today; ops_space_forecast follows from it.
Result: sampled.
Errors: 30001 open transaction, 30602 the run was replaced, 30606 read-only server.
Transaction: owns.
Example: CALL sample_space()'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_sampled BIGINT DEFAULT 0;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'sample_space: called inside an open transaction';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('sample_space', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        INSERT INTO space_samples (
            sample_date,
            table_name,
            row_count,
            data_bytes,
            index_bytes
        )
        SELECT
            DATE(UTC_TIMESTAMP()),
            t.table_name,
            COALESCE(t.table_rows, 0),
            COALESCE(t.data_length, 0),
            COALESCE(t.index_length, 0)
        FROM information_schema.tables AS t
        WHERE t.table_schema = DATABASE()
            AND t.table_type = 'BASE TABLE'
        ON DUPLICATE KEY UPDATE
            row_count = VALUES(row_count),
            data_bytes = VALUES(data_bytes),
            index_bytes = VALUES(index_bytes);
        SET v_sampled = (
            SELECT COUNT(*)
            FROM space_samples AS s
            WHERE s.sample_date = DATE(UTC_TIMESTAMP())
        );
        DELETE FROM space_samples
        WHERE sample_date < DATE(UTC_TIMESTAMP()) - INTERVAL 400 DAY;
        COMMIT;
    END;
    SET @payops_job_rows = v_sampled;
    SELECT v_sampled AS sampled_count;
END$$

DELIMITER ;
