-- rule_a24_daily_volume: A24, much money in or out, or very many payments on one day.
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
CREATE OR REPLACE VIEW rule_a24_daily_volume AS
SELECT
    r.rule_id,
    r.rule_version,
    d.customer_id AS customer_id,
    d.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(d.risk_date AS DATETIME) AS window_from,
    CAST(LEAST(as_of(), d.risk_date + INTERVAL 86399 SECOND) AS DATETIME) AS window_to,
    CAST(
        GREATEST(d.in_amount + d.received_amount, d.out_amount)
    AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            d.in_amount + d.received_amount, ' in, ', d.out_amount, ' out, ', d.attempt_count,
            ' payments')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'maximum_amount'
INNER JOIN rule_parameters AS number
    ON number.rule_id = r.rule_id
        AND number.rule_version = r.rule_version
        AND number.parameter_name = 'maximum_count'
INNER JOIN risk_scope_day AS d
WHERE r.rule_id = 'A24'
    AND d.is_new = 1
    AND (
        d.in_amount + d.received_amount > amount.parameter_value
        OR d.out_amount > amount.parameter_value
        OR d.attempt_count > number.parameter_value
    );
