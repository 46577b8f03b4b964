-- rule_a42_repeated_transfer: A42, the same amount from one account to another, several times on
-- one day.
--
-- Grain: one row per account that paid or was paid, and day.
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
CREATE OR REPLACE VIEW rule_a42_repeated_transfer AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    a.customer_id AS customer_id,
    a.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(e.transfer_date AS DATETIME) AS window_from,
    CAST(MAX(e.last_at) AS DATETIME) AS window_to,
    CAST(MAX(e.transfer_count) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(MAX(e.transfer_count), ' transfers of ', MAX(e.maximum_amount))
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN risk_scope_day AS d ON TRUE
INNER JOIN transfer_day AS e
    ON e.payer_account_id = d.account_id AND e.transfer_date = d.risk_date
INNER JOIN accounts AS a ON a.account_id IN (e.payer_account_id, e.payee_account_id)
WHERE r.rule_id = 'A42'
    AND d.is_new = 1
    AND d.transfer_count >= need.parameter_value
    AND e.transfer_count >= need.parameter_value
    AND e.transfer_amount = e.transfer_count * e.maximum_amount
GROUP BY a.account_id, e.transfer_date;
