CREATE TABLE IF NOT EXISTS login_hour (
    login_hour DATETIME NOT NULL COMMENT 'Hour of the attempts (UTC)',
    login_count INT NOT NULL DEFAULT 0 COMMENT 'Login attempts',
    failed_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, failed',
    PRIMARY KEY (login_hour)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per hour: login attempts';
