-- int_risk_rule_points: what each rule counts for each customer as of as_of(). Several hits of one
-- rule say little more than one, so they count together as much as one fresh hit at most, or the
-- setting risk_rule_cap_hits times that.
--
-- Grain: one row per customer and rule with an event that counts.
-- Columns:
--   customer_id       customer
--   rule_id           rule
--   event_count       events that count
--   remaining_points  what is left of the points of its events
--   counted_points    what of it counts for the score
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_risk_rule_points AS
SELECT
    q.customer_id,
    q.rule_id,
    COUNT(*) AS event_count,
    SUM(q.remaining_points) AS remaining_points,
    LEAST(
        SUM(q.remaining_points),
        MAX(q.points) * (
            SELECT g.setting_value + 0
            FROM settings AS g
            WHERE g.setting_name = 'risk_rule_cap_hits'
        )) AS counted_points
FROM int_risk_points AS q
GROUP BY q.customer_id, q.rule_id;
