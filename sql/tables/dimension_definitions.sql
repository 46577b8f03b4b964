CREATE TABLE IF NOT EXISTS dimension_definitions (
    dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Dimension by which rollups count payments; all for no split',
    dimension_number TINYINT UNSIGNED NOT NULL COMMENT 'Place among the dimensions, from 1',
    payment_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of transactions; NULL for all',
    null_member VARCHAR(64) NULL
        COMMENT 'Member under which payments with NULL there are counted; NULL when none has',
    has_latency TINYINT(1) NOT NULL COMMENT '1 when latency is counted by it',
    meaning VARCHAR(160) NOT NULL COMMENT 'What it is',
    PRIMARY KEY (dimension)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per dimension by which rollups count payments';
