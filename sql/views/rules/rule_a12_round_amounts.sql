-- rule_a12_round_amounts: A12, several payments of round amounts in the last month.
--
-- Grain: one row per account.
-- Note: looks at the accounts of risk_scope.
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
CREATE OR REPLACE VIEW rule_a12_round_amounts AS
SELECT
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    t.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(MAX(t.transaction_time)) AS DATETIME) AS window_from,
    CAST(MAX(t.transaction_time) AS DATETIME) AS window_to,
    CAST(COUNT(*) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(COUNT(*), ' payments of multiples of ', MAX(unit.parameter_value))
    AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS unit
    ON unit.rule_id = r.rule_id
        AND unit.rule_version = r.rule_version
        AND unit.parameter_name = 'round_unit'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_days'
INNER JOIN risk_scope AS s ON TRUE
STRAIGHT_JOIN account_risk_day AS d
    ON d.account_id = s.account_id
        AND d.risk_date > DATE(as_of()) - INTERVAL span.parameter_value DAY
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
    ON t.account_id >= d.account_id
        AND t.account_id <= d.account_id
        AND t.transaction_time >= d.risk_date
        AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
WHERE r.rule_id = 'A12'
    AND d.maximum_amount >= unit.parameter_value
    AND t.status = 'completed'
    AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
    AND t.transaction_amount >= unit.parameter_value
    AND MOD(t.transaction_amount, unit.parameter_value) = 0
GROUP BY t.account_id
HAVING COUNT(*) >= MAX(need.parameter_value)
    AND MAX(t.transaction_time) >= MIN(s.from_date);
