CREATE TABLE IF NOT EXISTS login_changes (
    change_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Order of capture; gaps mean nothing',
    change_sign TINYINT NOT NULL
        COMMENT '+1 for a version that appeared, -1 for a version that ended',
    captured_at DATETIME(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3))
        COMMENT 'When the change was captured (UTC)',
    login_time DATETIME NOT NULL COMMENT 'When the login was attempted (UTC)',
    login_status ENUM ('success', 'failed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Outcome of the version',
    PRIMARY KEY (change_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per version of a login that appeared or ended and is not yet in the rollups';
