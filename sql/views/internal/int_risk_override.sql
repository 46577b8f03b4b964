-- int_risk_override: scores set by hand that count as of as_of().
--
-- Grain: one row per customer with such a score.
-- Columns:
--   customer_id     customer
--   override_score  score
--   reason          why
--   set_by          who set it
--   set_at          when (UTC)
--   expires_at      until when it counts (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_risk_override AS
SELECT
    o.customer_id,
    o.override_score,
    o.reason,
    o.set_by,
    o.set_at,
    o.expires_at
FROM risk_overrides AS o
WHERE o.set_at <= as_of()
    AND o.expires_at > as_of()
    AND NOT EXISTS (
        SELECT 1
        FROM risk_overrides AS n
        WHERE n.customer_id = o.customer_id
            AND n.override_id > o.override_id
            AND n.set_at <= as_of()
    );
