-- rule_a17_account_drain: A17, one payment that takes nearly all of the balance.
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
CREATE OR REPLACE VIEW rule_a17_account_drain AS
SELECT
    r.rule_id,
    r.rule_version,
    p.customer_id AS customer_id,
    p.account_id AS account_id,
    p.transaction_id AS transaction_id,
    CAST(p.transaction_time AS DATETIME) AS window_from,
    CAST(p.transaction_time AS DATETIME) AS window_to,
    CAST(
        1.000000 * p.transaction_amount / NULLIF(p.balance_after + p.transaction_amount, 0)
    AS DECIMAL(24, 4)) AS measured_value,
    CAST(share.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('took ', p.transaction_amount, ' of ', p.balance_after + p.transaction_amount)
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS share
    ON share.rule_id = r.rule_id
        AND share.rule_version = r.rule_version
        AND share.parameter_name = 'minimum_share'
INNER JOIN int_scope_payment AS p
INNER JOIN transaction_types AS y ON y.transaction_type = p.transaction_type
WHERE r.rule_id = 'A17'
    AND p.is_new = 1
    AND p.maximum_amount >= amount.parameter_value
    AND p.status = 'completed'
    AND y.is_outgoing = 1
    AND p.base_amount >= amount.parameter_value
    AND p.balance_after >= 0
    AND p.transaction_amount >= share.parameter_value * (p.balance_after + p.transaction_amount);
