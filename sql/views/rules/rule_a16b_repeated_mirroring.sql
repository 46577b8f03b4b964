-- rule_a16b_repeated_mirroring: A16B, money that leaves as it came again and again: several hits of
-- A16 within days.
--
-- Grain: one row per account and day.
-- Note: looks at the hits that A16 has found in this run, and back over its hits of the window.
-- Columns:
--   rule_id          rule
--   rule_version     version of its parameters
--   customer_id      customer
--   account_id       account
--   transaction_id   payment
--   window_from      begin of the window (UTC)
--   window_to        end of the window (UTC)
--   measured_value   what was measured
--   threshold_value  what it was compared with
--   points           points of a hit
--   evidence         what was seen, in words
-- NULL: transaction_id is NULL.
CREATE OR REPLACE VIEW rule_a16b_repeated_mirroring AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    h.customer_id AS customer_id,
    h.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(h.window_to) AS DATETIME) AS window_from,
    CAST(MAX(h.window_to) AS DATETIME) AS window_to,
    CAST(COUNT(DISTINCT o.hit_id) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(COUNT(DISTINCT o.hit_id), ' payments of nearly what had just come in')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'window_days'
INNER JOIN rule_parameters AS turnover
    ON turnover.rule_id = r.rule_id
        AND turnover.rule_version = r.rule_version
        AND turnover.parameter_name = 'minimum_turnover_share'
INNER JOIN risk_hits AS h FORCE INDEX (idx_risk_hits_last_found)
    ON h.last_found_at = as_of() AND h.rule_id = 'A16'
INNER JOIN risk_hits AS o FORCE INDEX (idx_risk_hits_customer)
    ON o.customer_id = h.customer_id
        AND o.window_to > h.window_to - INTERVAL days.parameter_value DAY
        AND o.window_to <= h.window_to
INNER JOIN transactions AS t ON t.transaction_id = o.transaction_id
WHERE r.rule_id = 'A16B'
    AND o.rule_id = 'A16'
    AND o.account_id = h.account_id
GROUP BY h.account_id, CAST(DATE(h.window_to) AS DATETIME), r.rule_id, r.rule_version,
    h.customer_id, need.parameter_value, r.points
HAVING COUNT(DISTINCT o.hit_id) >= MAX(need.parameter_value)
    -- Money goes in and out of a business all day.
    AND SUM(t.base_amount) >= MAX(turnover.parameter_value) * COUNT(DISTINCT h.hit_id) * (
        SELECT SUM(y.completed_amount)
        FROM account_day AS y
        WHERE y.account_id = MAX(h.account_id)
            AND y.activity_date > DATE(MAX(h.window_to)) - INTERVAL 30 DAY
            AND y.activity_date <= DATE(MAX(h.window_to))
    );
