-- rule_a01_large_cash: A01, one payment in cash over the reporting threshold.
--
-- Grain: one row per payment.
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
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW rule_a01_large_cash AS
SELECT
    r.rule_id,
    r.rule_version,
    p.customer_id AS customer_id,
    p.account_id AS account_id,
    p.transaction_id AS transaction_id,
    CAST(p.transaction_time AS DATETIME) AS window_from,
    CAST(p.transaction_time AS DATETIME) AS window_to,
    CAST(p.base_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(CONCAT('cash of ', p.base_amount) AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN int_scope_payment AS p
WHERE r.rule_id = 'A01'
    AND p.is_new = 1
    AND p.cash_amount > amount.parameter_value
    AND p.status = 'completed'
    AND p.transaction_type IN ('cash_deposit', 'atm_withdrawal')
    AND p.base_amount > amount.parameter_value;
