-- integrity_risk_scores: must be empty: customers whose score is not what their ledger gave when
-- the scores were applied last.
--
-- Grain: one row per customer.
-- Note: an override that was set since counts from the next apply_risk_scores on.
-- Columns:
--   customer_id     customer
--   risk_score      customers.risk_score
--   replayed_score  ledger and overrides replayed as of the last apply_risk_scores
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_risk_scores AS
SELECT
    c.customer_id,
    c.risk_score,
    CAST(COALESCE(o.override_score, LEAST(100, p.counted_points), 0) AS DECIMAL(5, 2))
        AS replayed_score
FROM (
    SELECT
        r.as_of,
        r.ended_at
    FROM risk_score_runs AS r
    WHERE r.error_number IS NULL
    ORDER BY r.score_run_id DESC
    LIMIT 1
) AS l
CROSS JOIN customers AS c
LEFT JOIN (
    SELECT
        q.customer_id,
        SUM(q.counted_points) AS counted_points
    FROM (
        SELECT
            e.customer_id,
            e.rule_id,
            LEAST(
                SUM(CAST(
                    e.points * POW(0.5, GREATEST(TIMESTAMPDIFF(SECOND, e.occurred_at, m.as_of), 0)
                        / (86400e0 * e.half_life_days))
                AS DECIMAL(9, 4))),
                -- As that run capped, whatever the setting is now.
                COALESCE(MAX(e.points) * MAX(m.cap_hits), 1000000000)) AS counted_points
        FROM (
            SELECT
                x.as_of,
                x.cap_hits
            FROM risk_score_runs AS x
            WHERE x.error_number IS NULL
            ORDER BY x.score_run_id DESC
            LIMIT 1
        ) AS m
        INNER JOIN risk_events AS e ON e.occurred_at <= m.as_of AND e.expires_at > m.as_of
        GROUP BY e.customer_id, e.rule_id
    ) AS q
    GROUP BY q.customer_id
) AS p ON p.customer_id = c.customer_id
LEFT JOIN risk_overrides AS o
    ON o.customer_id = c.customer_id
        AND o.set_at <= l.as_of
        AND o.expires_at > l.as_of
        AND NOT EXISTS (
            SELECT 1
            FROM risk_overrides AS n
            WHERE n.customer_id = o.customer_id
                AND n.override_id > o.override_id
                AND n.set_at <= l.as_of
        )
WHERE c.risk_score <> CAST(COALESCE(o.override_score, LEAST(100, p.counted_points), 0)
    AS DECIMAL(5, 2));
