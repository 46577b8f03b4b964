CREATE TABLE IF NOT EXISTS scheduler_leases (
    lease_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Office: scheduler',
    holder VARCHAR(255) NOT NULL COMMENT 'Host and process that hold it',
    fencing_token BIGINT NOT NULL COMMENT 'Grows by one with each change of the holder',
    acquired_at DATETIME(3) NOT NULL COMMENT 'Since when the holder has it (UTC)',
    renewed_at DATETIME(3) NOT NULL COMMENT 'Last sign of the holder (UTC)',
    expires_at DATETIME(3) NOT NULL COMMENT 'Until when it is held without another sign (UTC)',
    is_released TINYINT(1) NOT NULL DEFAULT 0 COMMENT '1 when the holder gave it back in order',
    PRIMARY KEY (lease_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per office that one process at a time holds';
