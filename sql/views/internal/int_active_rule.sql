-- int_active_rule: rules with the version that counts.
--
-- Grain: one row per rule.
-- Columns:
--   rule_id       rule
--   view_name     view that finds its hits
--   rule_version  version that counts
--   points        points of a hit
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_active_rule AS
SELECT
    r.rule_id,
    r.view_name,
    v.rule_version,
    v.points
FROM rules AS r
INNER JOIN rule_versions AS v ON v.rule_id = r.rule_id AND v.rule_version = r.active_version;
