-- rule_a19_fan_out: A19, payments to many accounts on one day.
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
CREATE OR REPLACE VIEW rule_a19_fan_out AS
SELECT
    r.rule_id,
    r.rule_version,
    d.customer_id AS customer_id,
    d.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(d.risk_date AS DATETIME) AS window_from,
    CAST(MAX(e.last_at) AS DATETIME) AS window_to,
    CAST(COUNT(*) AS DECIMAL(24, 4)) AS measured_value,
    CAST(number.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('paid ', SUM(e.transfer_amount), ' to ', COUNT(*), ' accounts')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS number
    ON number.rule_id = r.rule_id
        AND number.rule_version = r.rule_version
        AND number.parameter_name = 'maximum_count'
INNER JOIN risk_scope_day AS d ON TRUE
STRAIGHT_JOIN transfer_day AS e
    ON e.payer_account_id = d.account_id AND e.transfer_date = d.risk_date
WHERE r.rule_id = 'A19'
    AND d.is_new = 1
    AND d.transfer_count > number.parameter_value
GROUP BY d.account_id, d.risk_date
HAVING COUNT(*) > MAX(number.parameter_value);
