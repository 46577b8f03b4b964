-- int_risk_points: events that still count as of as_of(), and what is left of their points.
--
-- Grain: one row per event that counts.
-- Columns:
--   customer_id       customer
--   event_id          event
--   rule_id           rule
--   rule_version      version
--   occurred_at       end of the window (UTC)
--   points            points on that day
--   remaining_points  what is left of them
--   evidence          what was seen
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_risk_points AS
SELECT
    e.customer_id,
    e.event_id,
    e.rule_id,
    e.rule_version,
    e.occurred_at,
    e.points,
    CAST(
        e.points * POW(0.5, GREATEST(TIMESTAMPDIFF(SECOND, e.occurred_at, as_of()), 0)
            / (86400e0 * e.half_life_days))
    AS DECIMAL(9, 4)) AS remaining_points,
    e.evidence
FROM risk_events AS e
WHERE e.occurred_at <= as_of()
    AND e.expires_at > as_of();
