-- risk_case_evidence: hits of cases, with what was seen.
--
-- Grain: one row per hit of a case.
-- Time axis: window_to
-- Columns:
--   case_id          case
--   hit_id           hit
--   rule_id          rule
--   rule_version     version of its parameters
--   rule_name        its name
--   risk_level       Low, Medium or High
--   account_id       account
--   transaction_id   payment
--   window_from      begin of the window (UTC)
--   window_to        end of the window (UTC)
--   measured_value   what was measured
--   threshold_value  what it was compared with
--   points           points
--   evidence         what was seen, in words
-- NULL: account_id of a hit of the customer; transaction_id of a hit of several payments.
CREATE OR REPLACE VIEW risk_case_evidence AS
SELECT
    x.case_id,
    h.hit_id,
    h.rule_id,
    h.rule_version,
    r.rule_name,
    r.risk_level,
    h.account_id,
    h.transaction_id,
    h.window_from,
    h.window_to,
    h.measured_value,
    h.threshold_value,
    h.points,
    h.evidence
FROM risk_case_hits AS x
INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
INNER JOIN rules AS r ON r.rule_id = h.rule_id;
