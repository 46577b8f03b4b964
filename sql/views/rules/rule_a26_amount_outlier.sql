-- rule_a26_amount_outlier: A26, a payment above the mean and three standard deviations of what the
-- account paid in the 30 days before, itself left out.
--
-- Grain: one row per account and day.
-- Note: looks at the new days of risk_scope_day. The month is that which ends with the day, the day
-- itself left out. For the last three days of the data it is what account_window holds, less those
-- days and with those that it has left; for older ones it is summed.
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
CREATE OR REPLACE VIEW rule_a26_amount_outlier AS
SELECT
    r.rule_id,
    r.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.risk_date AS DATETIME) AS window_from,
    CAST(LEAST(as_of(), f.risk_date + INTERVAL 86399 SECOND) AS DATETIME) AS window_to,
    CAST(f.maximum_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.mean_amount + sigmas.parameter_value * f.deviation AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            'payment of ', f.maximum_amount, ', mean ',
            -- In decimals, as sums of floats differ in their last bit from plan to plan.
            CAST(
                1.000000 * CAST(f.amount AS DECIMAL(27, 4)) / f.payments
            AS DECIMAL(24, 2)), ', deviation ',
            CAST(f.deviation AS DECIMAL(24, 2)), ' over ', f.payments, ' payments')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS sigmas
    ON sigmas.rule_id = r.rule_id
        AND sigmas.rule_version = r.rule_version
        AND sigmas.parameter_name = 'minimum_deviations'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN (
    SELECT
        h.customer_id,
        h.account_id,
        h.risk_date,
        h.maximum_amount,
        h.payments,
        h.amount,
        h.amount / NULLIF(h.payments, 0) AS mean_amount,
        SQRT(GREATEST(
            h.amount_squares / NULLIF(h.payments, 0) - POW(h.amount / NULLIF(h.payments, 0), 2),
            0)) AS deviation
    FROM int_account_month AS h
) AS f
WHERE r.rule_id = 'A26'
    AND f.payments >= need.parameter_value
    AND f.maximum_amount > f.mean_amount + sigmas.parameter_value * f.deviation;
