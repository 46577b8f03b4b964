CREATE TABLE IF NOT EXISTS routine_errors (
    error_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Failure, in the order of arrival',
    routine_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Procedure that failed and was rolled back',
    error_number INT NOT NULL COMMENT 'MariaDB or payops error number',
    sql_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SQLSTATE',
    error_message VARCHAR(512) NOT NULL COMMENT 'Message of the server',
    failed_at DATETIME NOT NULL COMMENT 'When it failed (UTC)',
    PRIMARY KEY (error_id),
    KEY idx_routine_errors_failed_at (failed_at)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per procedure call that failed and was rolled back; survives the rollback';
