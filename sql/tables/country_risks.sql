CREATE TABLE IF NOT EXISTS country_risks (
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 3166 alpha-2 country code',
    listed_from DATE NOT NULL COMMENT 'First day on the list',
    listed_until DATE NULL COMMENT 'First day not on it any more; NULL while it is',
    country_list VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'black (call for action) or grey (increased monitoring)',
    list_source VARCHAR(64) NOT NULL COMMENT 'Who keeps the list',
    PRIMARY KEY (country, listed_from),
    CONSTRAINT ck_country_risks_list CHECK (country_list IN ('black', 'grey')),
    CONSTRAINT ck_country_risks_days CHECK (listed_until IS NULL OR listed_until > listed_from)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per country and time on a list of high-risk countries';
