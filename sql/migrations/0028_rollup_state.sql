-- table: rollup_state
-- from: 0181e60edbecb408
-- to: 46de7bf0438dbda0
ALTER TABLE rollup_state
    ADD COLUMN IF NOT EXISTS rebuilt_days BIGINT NOT NULL DEFAULT 0
        COMMENT 'Days rebuilt from the base tables since deployment' AFTER refreshed_changes;
