-- rule_a27_above_percentile: A27, a payment above the 95th percentile of all.
--
-- Grain: one row per account and day.
-- Note: looks at the new days of risk_scope_day.
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
CREATE OR REPLACE VIEW rule_a27_above_percentile AS
SELECT
    r.rule_id,
    r.rule_version,
    d.customer_id AS customer_id,
    d.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(d.risk_date AS DATETIME) AS window_from,
    CAST(LEAST(as_of(), d.risk_date + INTERVAL 86399 SECOND) AS DATETIME) AS window_to,
    CAST(d.maximum_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(q.threshold_amount AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            'payment of ', d.maximum_amount, ' above the percentile of all, ',
            CAST(q.threshold_amount AS DECIMAL(24, 2)))
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
CROSS JOIN (
    SELECT MIN(b.upper_amount) AS threshold_amount
    FROM (
        SELECT
            POW(10, (m.amount_bin + 1) / 24e0) AS upper_amount,
            1.000000 * SUM(SUM(m.completed_count)) OVER (ORDER BY m.amount_bin)
                / SUM(SUM(m.completed_count)) OVER () AS share
        FROM amount_day AS m
        WHERE m.metric_date > DATE(as_of()) - INTERVAL 30 DAY
            AND m.metric_date <= as_of()
        GROUP BY m.amount_bin
    ) AS b
    WHERE b.share >= (
        SELECT p.parameter_value
        FROM rule_parameters AS p
        INNER JOIN int_active_rule AS v
            ON v.rule_id = p.rule_id AND v.rule_version = p.rule_version
        WHERE p.rule_id = 'A27' AND p.parameter_name = 'percentile'
    )
) AS q
INNER JOIN risk_scope_day AS d ON TRUE
WHERE r.rule_id = 'A27'
    AND d.is_new = 1
    AND d.maximum_amount > q.threshold_amount;
