CREATE TABLE IF NOT EXISTS currencies (
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 alphabetic code',
    currency_name VARCHAR(64) NOT NULL COMMENT 'Name in English',
    minor_unit TINYINT UNSIGNED NOT NULL
        COMMENT 'Decimal digits of the smallest coin (ISO 4217): 0 to 4',
    is_base TINYINT(1) NOT NULL DEFAULT 0
        COMMENT '1 for the one currency in which sums across currencies are kept',
    PRIMARY KEY (currency),
    CONSTRAINT ck_currencies_minor_unit CHECK (minor_unit <= 4)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per currency';
