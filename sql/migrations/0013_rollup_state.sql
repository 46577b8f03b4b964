-- table: rollup_state
-- from: 7a85ac9013c4817e
-- to: 0181e60edbecb408
-- Until now the tables held every dimension of every day.
ALTER TABLE rollup_state
    ADD COLUMN IF NOT EXISTS detail_from_date DATE NOT NULL DEFAULT '1000-01-01'
        COMMENT 'First day (UTC) of which metric_minute and latency_hour hold every dimension, and latency_minute is kept; before it only dimension all'
        AFTER window_end_date;
ALTER TABLE rollup_state
    MODIFY COLUMN detail_from_date DATE NOT NULL
        COMMENT 'First day (UTC) of which metric_minute and latency_hour hold every dimension, and latency_minute is kept; before it only dimension all';
