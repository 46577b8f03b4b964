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
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.risk_date AS DATETIME) AS window_from,
    CAST(f.last_at AS DATETIME) AS window_to,
    CAST(f.payees AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.maximum_count AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT('paid ', f.amount, ' to ', f.payees, ' accounts') AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        number.parameter_value AS maximum_count,
        -- Versions from before these parameters know no usual number.
        COALESCE(factor.parameter_value, 0) AS usual_factor,
        COALESCE(days.parameter_value, 1) AS window_days,
        d.customer_id,
        d.account_id,
        d.risk_date,
        MAX(e.last_at) AS last_at,
        SUM(e.transfer_amount) AS amount,
        COUNT(*) AS payees
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS number
        ON number.rule_id = r.rule_id
            AND number.rule_version = r.rule_version
            AND number.parameter_name = 'maximum_count'
    LEFT JOIN rule_parameters AS factor
        ON factor.rule_id = r.rule_id
            AND factor.rule_version = r.rule_version
            AND factor.parameter_name = 'usual_factor'
    LEFT JOIN rule_parameters AS days
        ON days.rule_id = r.rule_id
            AND days.rule_version = r.rule_version
            AND days.parameter_name = 'window_days'
    INNER JOIN risk_scope_day AS d ON TRUE
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = d.account_id AND e.transfer_date = d.risk_date
    WHERE r.rule_id = 'A19'
        AND d.is_new = 1
        AND d.transfer_count > number.parameter_value
    GROUP BY d.account_id, d.risk_date
    HAVING COUNT(*) > MAX(number.parameter_value)
) AS f
-- Who pays many accounts every day does nothing unusual.
WHERE f.payees * f.window_days >= f.usual_factor * (
    SELECT COUNT(*)
    FROM transfer_day AS u
    WHERE u.payer_account_id = f.account_id
        AND u.transfer_date < f.risk_date
        AND u.transfer_date >= f.risk_date - INTERVAL f.window_days DAY
);
