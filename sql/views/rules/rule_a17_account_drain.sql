-- rule_a17_account_drain: A17, one payment that takes nearly all of the balance.
--
-- Grain: one row per payment.
-- Note: looks at the accounts of risk_scope; payments without balance_after are left out.
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
    s.customer_id AS customer_id,
    t.account_id AS account_id,
    t.transaction_id AS transaction_id,
    CAST(t.transaction_time AS DATETIME) AS window_from,
    CAST(t.transaction_time AS DATETIME) AS window_to,
    CAST(
        t.transaction_amount / NULLIF(t.balance_after + t.transaction_amount, 0)
    AS DECIMAL(24, 4)) AS measured_value,
    CAST(share.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('took ', t.transaction_amount, ' of ', t.balance_after + t.transaction_amount)
    AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS share
    ON share.rule_id = r.rule_id
        AND share.rule_version = r.rule_version
        AND share.parameter_name = 'minimum_share'
INNER JOIN risk_scope AS s ON TRUE
STRAIGHT_JOIN account_risk_day AS d
    ON d.account_id = s.account_id AND d.risk_date >= s.from_date
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
    ON t.account_id >= d.account_id
        AND t.account_id <= d.account_id
        AND t.transaction_time >= d.risk_date
        AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
INNER JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
WHERE r.rule_id = 'A17'
    AND d.maximum_amount >= amount.parameter_value
    AND t.status = 'completed'
    AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
    AND y.is_outgoing = 1
    AND t.base_amount >= amount.parameter_value
    AND t.balance_after >= 0
    AND t.transaction_amount >= share.parameter_value * (t.balance_after + t.transaction_amount);
