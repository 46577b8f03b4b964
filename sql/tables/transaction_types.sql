CREATE TABLE IF NOT EXISTS transaction_types (
    transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Type, as in transactions.transaction_type',
    description VARCHAR(160) NOT NULL COMMENT 'What the type is',
    is_outgoing TINYINT(1) NOT NULL COMMENT '1 when money leaves the account, 0 when it arrives',
    PRIMARY KEY (transaction_type)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per type of payment';
