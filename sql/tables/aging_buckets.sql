CREATE TABLE IF NOT EXISTS aging_buckets (
    bucket_scheme VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Set of buckets: backlog or overdue',
    bucket_number TINYINT UNSIGNED NOT NULL COMMENT 'Position, youngest first, from 1',
    bucket_label VARCHAR(24) NOT NULL COMMENT 'Label for people',
    from_seconds INT UNSIGNED NOT NULL COMMENT 'Youngest age in the bucket, seconds, inclusive',
    to_seconds INT UNSIGNED NULL
        COMMENT 'First age beyond the bucket, seconds, exclusive; NULL for the last',
    PRIMARY KEY (bucket_scheme, bucket_number),
    CONSTRAINT ck_aging_buckets_order CHECK (to_seconds IS NULL OR to_seconds > from_seconds)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per aging bucket';
