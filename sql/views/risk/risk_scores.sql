-- risk_scores: score of every customer as of as_of(), 0 to 100, and its band.
--
-- Grain: one row per customer.
-- Note: computed from the ledger; customers.risk_score is the score of the last apply_risk_scores.
-- Columns:
--   customer_id    customer
--   risk_score     score: points that are left of the events, of each rule as much as one fresh hit
--                  at most (setting risk_rule_cap_hits), at most 100
--   risk_band      Low, Medium or High (settings risk_band_medium, risk_band_high)
--   event_count    events that still count
--   is_override    1 when the score was set by hand
--   applied_score  customers.risk_score
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW risk_scores AS
SELECT
    s.customer_id,
    s.risk_score,
    CAST(
        CASE
            WHEN s.risk_score >= h.setting_value + 0 THEN 'High'
            WHEN s.risk_score >= m.setting_value + 0 THEN 'Medium'
            ELSE 'Low'
        END
    AS CHAR(8) CHARACTER SET ascii) AS risk_band,
    CAST(s.event_count AS SIGNED) AS event_count,
    CAST(s.is_override AS SIGNED) AS is_override,
    c.risk_score AS applied_score
FROM int_risk_score AS s
INNER JOIN customers AS c ON c.customer_id = s.customer_id
INNER JOIN settings AS h ON h.setting_name = 'risk_band_high'
INNER JOIN settings AS m ON m.setting_name = 'risk_band_medium';
