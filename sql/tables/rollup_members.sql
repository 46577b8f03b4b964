CREATE TABLE IF NOT EXISTS rollup_members (
    dimension ENUM (
            'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Dimension by which payments are counted',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of the dimension; (none) where a payment has none',
    PRIMARY KEY (dimension, member)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per member that a rollup has seen: batches of changes hold members as their numbers';
