-- table: alerts
-- from: 99acfa903f0ad972
-- to: ca81461cc4a62ec3
ALTER TABLE alerts
    ADD COLUMN IF NOT EXISTS affected_from DATETIME NULL
        COMMENT 'Begin of the time whose payments were counted (UTC); NULL when it is not about payments' AFTER customers_affected,
    ADD COLUMN IF NOT EXISTS affected_until DATETIME NULL COMMENT 'First moment after that time (UTC); NULL as above' AFTER affected_from;
