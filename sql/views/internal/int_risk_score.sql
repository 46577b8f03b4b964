-- int_risk_score: score of every customer as of as_of(): the ledger replayed, or what was set by
-- hand.
--
-- Grain: one row per customer.
-- Columns:
--   customer_id  customer
--   risk_score   score, 0 to 100
--   event_count  events that still count
--   is_override  1 when it was set by hand
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_risk_score AS
SELECT
    c.customer_id,
    CAST(COALESCE(
        o.override_score,
        LEAST(100, p.counted_points),
        0) AS DECIMAL(5, 2)) AS risk_score,
    COALESCE(p.event_count, 0) AS event_count,
    o.override_score IS NOT NULL AS is_override
FROM customers AS c
LEFT JOIN (
    SELECT
        q.customer_id,
        SUM(q.counted_points) AS counted_points,
        SUM(q.event_count) AS event_count
    FROM int_risk_rule_points AS q
    GROUP BY q.customer_id
) AS p ON p.customer_id = c.customer_id
LEFT JOIN int_risk_override AS o ON o.customer_id = c.customer_id;
