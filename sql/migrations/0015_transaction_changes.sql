-- table: transaction_changes
-- from: 03c97d4221620a31
-- to: 642bd940b75873f3
ALTER TABLE transaction_changes DROP COLUMN IF EXISTS latency_bin;
ALTER TABLE transaction_changes
    ADD COLUMN IF NOT EXISTS latency_bin SMALLINT AS (
        CASE WHEN duration_ms < 1 THEN 0 ELSE CEIL(LN(duration_ms) / LN(1.05 / 0.95)) END
    ) VIRTUAL COMMENT 'Histogram bin of duration_ms' AFTER duration_ms;
