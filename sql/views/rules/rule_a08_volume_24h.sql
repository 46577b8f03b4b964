-- rule_a08_volume_24h: A08, much money moved within a day, wherever the day begins.
--
-- Grain: one row per account and day on which such a window ends.
-- Note: looks at the accounts of risk_scope; a window is a number of clock hours, up to 24.
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
CREATE OR REPLACE VIEW rule_a08_volume_24h AS
WITH hourly AS (
    SELECT
        s.customer_id,
        s.from_date,
        d.account_id,
        TIMESTAMPDIFF(HOUR, '1000-01-01', d.risk_date) + HOUR(t.transaction_time) AS hour_number,
        MAX(t.transaction_time) AS last_at,
        SUM(t.base_amount) AS amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS amount
        ON amount.rule_id = r.rule_id
            AND amount.rule_version = r.rule_version
            AND amount.parameter_name = 'minimum_amount'
    INNER JOIN risk_scope AS s ON TRUE
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = s.account_id AND d.risk_date >= s.from_date - INTERVAL 1 DAY
    LEFT JOIN account_risk_day AS e
        ON e.account_id = d.account_id AND e.risk_date = d.risk_date - INTERVAL 1 DAY
    LEFT JOIN account_risk_day AS g
        ON g.account_id = d.account_id AND g.risk_date = d.risk_date + INTERVAL 1 DAY
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id >= d.account_id
            AND t.account_id <= d.account_id
            AND t.transaction_time >= d.risk_date
            AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
    WHERE r.rule_id = 'A08'
        -- A window of a day lies in two days at most.
        AND d.in_amount + d.out_amount + GREATEST(
            COALESCE(e.in_amount + e.out_amount, 0), COALESCE(g.in_amount + g.out_amount, 0))
            > amount.parameter_value
        AND t.status = 'completed'
        AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
    GROUP BY d.account_id, d.risk_date, HOUR(t.transaction_time)
)
SELECT
    r.rule_id,
    r.rule_version,
    f.customer_id,
    f.account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(f.last_at) AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.amount) AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(CONCAT(MAX(f.amount), ' within the window') AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN (
    SELECT
        c.customer_id,
        c.account_id,
        c.last_at,
        SUM(h.amount) AS amount
    FROM hourly AS c
    INNER JOIN hourly AS h
        ON h.account_id = c.account_id
            AND h.hour_number <= c.hour_number
            AND h.hour_number > c.hour_number - (
                SELECT p.parameter_value
                FROM rule_parameters AS p
                INNER JOIN int_active_rule AS v
                    ON v.rule_id = p.rule_id AND v.rule_version = p.rule_version
                WHERE p.rule_id = 'A08'
                    AND p.parameter_name = 'window_hours'
            )
    WHERE c.last_at >= c.from_date
    GROUP BY c.account_id, c.hour_number
) AS f ON f.amount > amount.parameter_value
WHERE r.rule_id = 'A08'
GROUP BY f.account_id, DATE(f.last_at);
