-- risk_score_events: what the scores of customers are made of: the events that still count.
--
-- Grain: one row per event that counts as of as_of().
-- Time axis: occurred_at
-- Note: the hits of a rule count together as much as cap_hits fresh ones at most; the score is the
-- sum of counted_points, at most 100, unless it was set by hand.
-- Columns:
--   customer_id       customer
--   event_id          event of the ledger of points
--   rule_id           rule
--   rule_name         its name
--   risk_level        Low, Medium or High
--   rule_version      version of its parameters
--   occurred_at       end of the window of the hit (UTC)
--   points            points on the day of the event
--   half_life_days    days after which the points count half
--   expires_at        from when on the points count nothing (UTC)
--   remaining_points  what is left of the points
--   counted_points    what of it counts for the score, before the limit of 100
--   cap_hits          fresh hits that the events of one rule count at most (setting
--                     risk_rule_cap_hits)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW risk_score_events AS
-- STRAIGHT_JOIN: the events of one customer are few, those of a rule are many.
SELECT STRAIGHT_JOIN
    p.customer_id,
    p.event_id,
    p.rule_id,
    r.rule_name,
    r.risk_level,
    p.rule_version,
    p.occurred_at,
    p.points,
    e.half_life_days,
    e.expires_at,
    p.remaining_points,
    -- As in int_risk_rule_points, by windows: a join with it would read the events of all
    -- customers.
    CAST(
        COALESCE(
            p.remaining_points
            * LEAST(
                SUM(p.remaining_points) OVER (PARTITION BY p.customer_id, p.rule_id),
                MAX(p.points) OVER (PARTITION BY p.customer_id, p.rule_id)
                * (g.setting_value + 0)
            )
            / NULLIF(
                SUM(p.remaining_points) OVER (PARTITION BY p.customer_id, p.rule_id),
                0
            ),
            0
        )
    AS DECIMAL(9, 4)) AS counted_points,
    CAST(g.setting_value + 0 AS DECIMAL(9, 4)) AS cap_hits
FROM int_risk_points AS p
INNER JOIN risk_events AS e ON e.event_id = p.event_id
INNER JOIN rules AS r ON r.rule_id = p.rule_id
INNER JOIN settings AS g ON g.setting_name = 'risk_rule_cap_hits';
