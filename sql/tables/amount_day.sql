CREATE TABLE IF NOT EXISTS amount_day (
    metric_date DATE NOT NULL COMMENT 'Day of the attempts (UTC)',
    amount_bin SMALLINT NOT NULL
        COMMENT 'Histogram bin b: amounts from 10^(b/24) to 10^((b+1)/24), base currency; from 0.0001',
    completed_count INT NOT NULL DEFAULT 0 COMMENT 'Payments in state completed, with an amount',
    completed_amount DECIMAL(21,4) NOT NULL DEFAULT 0 COMMENT 'Their amount, base currency',
    PRIMARY KEY (metric_date, amount_bin)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per day and bin of the amount: mergeable histogram of completed amounts';
