CREATE TABLE IF NOT EXISTS scheme_limits (
    card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Card scheme',
    programme VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Monitoring programme of the scheme',
    limit_level VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Level of the programme that the limit opens',
    valid_from DATE NOT NULL COMMENT 'First month in which it holds, as its first day',
    valid_until DATE NULL COMMENT 'First day on which it does not hold any more; NULL while it does',
    limit_ratio DECIMAL(9,6) NOT NULL
        COMMENT 'Disputes / sales from which the level is reached, together with minimum_count',
    minimum_count INT NOT NULL COMMENT 'Disputes of a month from which the level can be reached',
    sales_month ENUM ('same', 'previous') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Month of the sales that disputes are divided by',
    limit_source VARCHAR(255) NOT NULL COMMENT 'Where the limit is written',
    PRIMARY KEY (card_scheme, programme, limit_level, valid_from),
    CONSTRAINT ck_scheme_limits_ratio CHECK (limit_ratio > 0 AND limit_ratio <= 1),
    CONSTRAINT ck_scheme_limits_count CHECK (minimum_count >= 0),
    CONSTRAINT ck_scheme_limits_days CHECK (valid_until IS NULL OR valid_until > valid_from)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per limit of a monitoring programme of a card scheme and time in which it holds';
