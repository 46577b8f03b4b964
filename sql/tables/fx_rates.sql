CREATE TABLE IF NOT EXISTS fx_rates (
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Currency that is converted (ISO 4217)',
    rate_date DATE NOT NULL
        COMMENT 'First day on which the rate holds; it holds until the next dated rate',
    rate_to_base DECIMAL(18,9) NOT NULL
        COMMENT 'Units of the base currency for one unit of the currency',
    rate_source VARCHAR(64) NOT NULL COMMENT 'Where the rate comes from',
    PRIMARY KEY (currency, rate_date),
    CONSTRAINT fk_fx_rates_currency FOREIGN KEY (currency) REFERENCES currencies (currency),
    CONSTRAINT ck_fx_rates_positive CHECK (rate_to_base > 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per currency and day on which a new rate to the base currency begins';
