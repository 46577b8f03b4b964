-- table: risk_hits
-- from: ac37773f070b8a2d
-- to: e5b42d0783224268
ALTER TABLE risk_hits
    ADD KEY IF NOT EXISTS idx_risk_hits_last_found (last_found_at, rule_id);
