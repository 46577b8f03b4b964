-- risk_hit_list: hits of rules, without what was measured and without the thresholds.
--
-- Grain: one row per hit.
-- Time axis: last_found_at
-- Columns:
--   hit_id          hit
--   rule_id         rule
--   rule_version    version of its parameters
--   rule_name       its name
--   family          aml, card, control or yours
--   risk_level      Low, Medium or High
--   customer_id     customer
--   account_id      account
--   transaction_id  payment
--   window_from     begin of the window (UTC)
--   window_to       end of the window (UTC)
--   first_found_at  when it was found first (UTC)
--   last_found_at   when it was found last (UTC)
-- NULL: account_id of a hit of the customer; transaction_id of a hit of several payments.
CREATE OR REPLACE VIEW risk_hit_list AS
SELECT
    h.hit_id,
    h.rule_id,
    h.rule_version,
    r.rule_name,
    r.family,
    r.risk_level,
    h.customer_id,
    h.account_id,
    h.transaction_id,
    h.window_from,
    h.window_to,
    h.first_found_at,
    h.last_found_at
FROM risk_hits AS h
INNER JOIN rules AS r ON r.rule_id = h.rule_id;
