-- rule_a38_relationship_burst: A38, several large payments within a week, and none of any size for
-- months before.
--
-- Grain: one row per account and day.
-- Note: looks at the new days of risk_scope_day, and back over the window from there.
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
CREATE OR REPLACE VIEW rule_a38_relationship_burst AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    p.customer_id AS customer_id,
    p.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(p.risk_date AS DATETIME) AS window_from,
    CAST(MAX(p.transaction_time) AS DATETIME) AS window_to,
    CAST(COUNT(DISTINCT h.transaction_id) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(COUNT(DISTINCT h.transaction_id), ' large payments after a silence')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'window_days'
INNER JOIN rule_parameters AS idle
    ON idle.rule_id = r.rule_id
        AND idle.rule_version = r.rule_version
        AND idle.parameter_name = 'idle_days'
INNER JOIN int_scope_payment AS p ON TRUE
INNER JOIN int_days_back AS n ON n.days < days.parameter_value
INNER JOIN transactions AS h FORCE INDEX (idx_transactions_account_date)
    ON h.account_id = p.account_id AND h.transaction_date = p.risk_date - INTERVAL n.days DAY
WHERE r.rule_id = 'A38'
    AND p.is_new = 1
    AND p.maximum_amount >= amount.parameter_value
    AND p.status = 'completed'
    AND p.base_amount >= amount.parameter_value
    AND h.status = 'completed'
    AND h.base_amount >= amount.parameter_value
    AND h.transaction_time <= as_of()
    -- Silence is known only of days that the data reach back to, or of an account that the bank
    -- itself calls dormant.
    AND (
        p.risk_date - INTERVAL days.parameter_value + idle.parameter_value DAY >= (
            SELECT MIN(m.metric_date)
            FROM metric_day AS m
        )
        OR EXISTS (
            SELECT 1
            FROM accounts AS a
            WHERE a.account_id = p.account_id
                AND a.account_status = 'dormant'
        )
    )
    AND NOT EXISTS (
        SELECT 1
        FROM transactions AS t FORCE INDEX (idx_transactions_account_date)
        WHERE t.account_id = p.account_id
            AND t.transaction_date <= p.risk_date - INTERVAL days.parameter_value DAY
            AND t.transaction_date >= p.risk_date
                - INTERVAL days.parameter_value + idle.parameter_value DAY
    )
GROUP BY p.account_id, p.risk_date
HAVING COUNT(DISTINCT h.transaction_id) >= MAX(need.parameter_value);
