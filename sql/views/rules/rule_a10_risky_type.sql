-- rule_a10_risky_type: A10, a payment of a reportable size and a risky type: wire or cash.
--
-- Grain: one row per payment.
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
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW rule_a10_risky_type AS
SELECT
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    t.account_id AS account_id,
    t.transaction_id AS transaction_id,
    CAST(t.transaction_time AS DATETIME) AS window_from,
    CAST(t.transaction_time AS DATETIME) AS window_to,
    CAST(t.base_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(CONCAT(t.transaction_type, ' of ', t.base_amount) AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN risk_scope AS s ON TRUE
STRAIGHT_JOIN account_risk_day AS d
    ON d.account_id = s.account_id AND d.risk_date >= s.from_date
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
    ON t.account_id >= d.account_id
        AND t.account_id <= d.account_id
        AND t.transaction_time >= d.risk_date
        AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
WHERE r.rule_id = 'A10'
    AND d.maximum_amount >= amount.parameter_value
    AND t.status = 'completed'
    AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
    AND t.transaction_type IN ('wire', 'cash_deposit', 'atm_withdrawal')
    AND t.base_amount >= amount.parameter_value;
