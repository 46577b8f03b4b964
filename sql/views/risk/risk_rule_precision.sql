-- risk_rule_precision: what the decided cases say of each rule.
--
-- Grain: one row per rule and version with hits in a case.
-- Note: every hit of a case has the disposition of the case; escalated and open ones are undecided.
-- Columns:
--   rule_id               rule
--   rule_version          version of its parameters
--   hit_count             hits in cases
--   confirmed_count       of these in cases that were confirmed or reported
--   false_positive_count  of these in false positives
--   undecided_count       of these in cases without a decision
--   case_count            cases with such a hit
--   hit_precision         confirmed_count / (confirmed_count + false_positive_count)
-- NULL: hit_precision while no case is decided.
CREATE OR REPLACE VIEW risk_rule_precision AS
SELECT
    h.rule_id,
    h.rule_version,
    COUNT(*) AS hit_count,
    CAST(
        COALESCE(SUM(c.disposition IN ('confirmed', 'reported')), 0)
    AS SIGNED) AS confirmed_count,
    CAST(COALESCE(SUM(c.disposition = 'false_positive'), 0) AS SIGNED) AS false_positive_count,
    CAST(
        SUM(c.disposition IS NULL OR c.disposition = 'escalated')
    AS SIGNED) AS undecided_count,
    COUNT(DISTINCT c.case_id) AS case_count,
    CAST(
        SUM(c.disposition IN ('confirmed', 'reported'))
        / NULLIF(SUM(c.disposition IN ('confirmed', 'reported', 'false_positive')), 0)
    AS DECIMAL(9, 4)) AS hit_precision
FROM risk_case_hits AS x
INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
INNER JOIN risk_cases AS c ON c.case_id = x.case_id
GROUP BY h.rule_id, h.rule_version;
