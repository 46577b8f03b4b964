-- table: risk_score_runs
-- from: b24341184ac90dd0
-- to: eea930a5e4d91ed5
ALTER TABLE risk_score_runs
    ADD COLUMN IF NOT EXISTS cap_hits DECIMAL(9,4) NULL
        COMMENT 'Setting risk_rule_cap_hits of the run; NULL before rules were capped' AFTER ended_at;
