CREATE TABLE IF NOT EXISTS settlement_delay_day (
    rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Rail',
    due_date DATE NOT NULL COMMENT 'Day on which the settlements were due (UTC)',
    delay_bin SMALLINT NOT NULL
        COMMENT 'Bin 0: no delay; bin b: business seconds in (g^(b-1), g^b] with g = 1.05 / 0.95',
    settled_count INT NOT NULL DEFAULT 0 COMMENT 'Settled settlements in the bin',
    settled_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    delay_sum_seconds BIGINT NOT NULL DEFAULT 0 COMMENT 'Sum of their delays in business seconds',
    delay_amount_seconds DECIMAL(38,4) NOT NULL DEFAULT 0
        COMMENT 'Sum of amount times delay in business seconds',
    PRIMARY KEY (rail, due_date, delay_bin)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per rail, due date and histogram bin of the business-time delay of settled settlements';
