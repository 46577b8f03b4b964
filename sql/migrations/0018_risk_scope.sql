-- table: risk_scope
-- from: 49b2f4b785f61312
-- to: 42d18f3d31bd80a4
ALTER TABLE risk_scope
    ADD COLUMN IF NOT EXISTS fill_date DATE NULL
        COMMENT 'First day in risk_scope_day (UTC); NULL before it is filled' AFTER from_date,
    ADD COLUMN IF NOT EXISTS is_filled TINYINT(1) NOT NULL DEFAULT 0
        COMMENT '1 once its days are in risk_scope_day' AFTER fill_date;
