CREATE TABLE IF NOT EXISTS api_accounts (
    account_name VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Name of an account of the server, without its host',
    scope ENUM ('read', 'operate', 'admin') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What requests that it carries out may do',
    created_at DATETIME NOT NULL COMMENT 'When (UTC)',
    PRIMARY KEY (account_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per account of payops serve: it acts for the persons whose tokens it checked';
