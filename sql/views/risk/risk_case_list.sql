-- risk_case_list: cases, with what their hits come to.
--
-- Grain: one row per case.
-- Time axis: opened_at
-- Columns:
--   case_id        case
--   customer_id    customer
--   case_state     open, assigned or closed
--   assignee       who works on it
--   opened_at      when it was opened (UTC)
--   due_at         until when it must be decided (UTC)
--   is_overdue     1 when it is not closed and that has passed
--   disposition    confirmed, false_positive, escalated or reported
--   closed_at      when it was closed (UTC)
--   hit_count      hits
--   rule_count     rules of the hits
--   points         points of the hits on their days
--   first_seen_at  begin of the first window (UTC)
--   last_seen_at   end of the last window (UTC)
--   risk_score     score of the customer at the last apply_risk_scores
-- NULL: assignee, disposition and closed_at until they are set; what follows from hits in a case
-- without them.
CREATE OR REPLACE VIEW risk_case_list AS
SELECT
    c.case_id,
    c.customer_id,
    c.case_state,
    c.assignee,
    c.opened_at,
    c.due_at,
    CAST(c.case_state <> 'closed' AND c.due_at < as_of() AS SIGNED) AS is_overdue,
    c.disposition,
    c.closed_at,
    COUNT(h.hit_id) AS hit_count,
    COUNT(DISTINCT h.rule_id) AS rule_count,
    CAST(SUM(h.points) AS DECIMAL(15, 2)) AS points,
    MIN(h.window_from) AS first_seen_at,
    MAX(h.window_to) AS last_seen_at,
    MAX(u.risk_score) AS risk_score
FROM risk_cases AS c
INNER JOIN customers AS u ON u.customer_id = c.customer_id
LEFT JOIN risk_case_hits AS x ON x.case_id = c.case_id
LEFT JOIN risk_hits AS h ON h.hit_id = x.hit_id
GROUP BY c.case_id;
