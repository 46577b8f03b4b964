CREATE TABLE IF NOT EXISTS latency_hour (
    dimension ENUM (
            'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Dimension; the dimensions that a route to the issuer is made of',
    metric_hour DATETIME NOT NULL COMMENT 'Hour of the attempt (UTC)',
    member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
        COMMENT 'Member of the dimension; (none) where the payment has none',
    latency_bin SMALLINT NOT NULL
       
            COMMENT 'Histogram bin b: durations in (g^(b-1), g^b] ms with g = 1.05 / 0.95; bin 0 below 1 ms',
    answered_count INT NOT NULL DEFAULT 0 COMMENT 'Answered payments in the bin',
    failed_count INT NOT NULL DEFAULT 0 COMMENT 'Of these, in state failed',
    PRIMARY KEY (dimension, metric_hour, member, latency_bin)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per dimension, hour, member and histogram bin: mergeable latency histogram';
