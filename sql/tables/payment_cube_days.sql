CREATE TABLE IF NOT EXISTS payment_cube_days (
    metric_date DATE NOT NULL COMMENT 'Day (UTC)',
    rollup_digest BIGINT UNSIGNED NOT NULL
        COMMENT 'Sum of the checksums of its rows in metric_day when it was counted',
    payment_count INT NOT NULL COMMENT 'Payments of the day',
    row_count INT NOT NULL COMMENT 'Rows of the day in payment_cube',
    counted_at DATETIME(3) NOT NULL COMMENT 'When it was counted (UTC)',
    PRIMARY KEY (metric_date)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per day of payment_cube: what it was counted from, so that days that changed are known';
