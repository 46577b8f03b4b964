CREATE TABLE IF NOT EXISTS backlog_samples (
    stock ENUM ('payment', 'settlement') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'payment: open payments of a state; settlement: pending settlements of a rail',
    sample_hour DATETIME NOT NULL COMMENT 'Hour of the sample (UTC), minutes zero',
    member VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'State or rail',
    open_count BIGINT NOT NULL COMMENT 'Payments or settlements in it',
    open_amount DECIMAL(21,4) NOT NULL COMMENT 'Their amount, base currency',
    over_age_count BIGINT NOT NULL
        COMMENT 'Of these, longer in the state than allowed, or past due',
    over_age_amount DECIMAL(21,4) NOT NULL COMMENT 'Their amount, base currency',
    oldest_at DATETIME NULL
        COMMENT 'Time of the oldest attempt (UTC); NULL for settlements and for an empty state',
    sampled_at DATETIME NOT NULL COMMENT 'When the sample was taken (UTC)',
    PRIMARY KEY (stock, member, sample_hour),
    KEY idx_backlog_samples_hour (sample_hour)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per stock, member and hour: how much was open then, which no history can give back';;
