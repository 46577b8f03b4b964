CREATE TABLE IF NOT EXISTS login_activity (
    login_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Login attempt',
    customer_id BIGINT NOT NULL COMMENT 'Customer whose account was used',
    login_time DATETIME NOT NULL COMMENT 'When (UTC)',
    login_status ENUM ('success', 'failed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Outcome',
    ip_address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Address of the client (personal data); NULL when unknown',
    location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'City of the address; NULL when unknown',
    device VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
        COMMENT 'Device; NULL when unknown',
    PRIMARY KEY (login_id),
    KEY idx_login_activity_customer_time (customer_id, login_time),
    KEY idx_login_activity_status_time (login_status, login_time),
    CONSTRAINT fk_login_activity_customer FOREIGN KEY (customer_id)
        REFERENCES customers (customer_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per login attempt';
