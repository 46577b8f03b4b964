-- rule_a23_new_account_balance: A23, a high balance on a new account.
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
CREATE OR REPLACE VIEW rule_a23_new_account_balance AS
SELECT
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    a.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(a.opened_at) AS DATETIME) AS window_from,
    CAST(as_of() AS DATETIME) AS window_to,
    CAST(a.balance * fx_rate(a.currency, DATE(as_of())) AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('balance of ', a.balance, ' at an age of ', DATEDIFF(as_of(), a.opened_at), ' days')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'maximum_amount'
INNER JOIN rule_parameters AS age
    ON age.rule_id = r.rule_id
        AND age.rule_version = r.rule_version
        AND age.parameter_name = 'age_days'
INNER JOIN risk_scope AS s ON TRUE
STRAIGHT_JOIN accounts AS a ON a.account_id = s.account_id
WHERE r.rule_id = 'A23'
    AND a.opened_at > as_of() - INTERVAL age.parameter_value DAY
    AND a.opened_at <= as_of()
    AND a.balance * fx_rate(a.currency, DATE(as_of())) > amount.parameter_value;
