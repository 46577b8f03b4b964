-- rule_a14_dormant_burst: A14, many payments on one day after months with hardly any.
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
CREATE OR REPLACE VIEW rule_a14_dormant_burst AS
SELECT
    r.rule_id,
    r.rule_version,
    d.customer_id AS customer_id,
    d.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(d.risk_date AS DATETIME) AS window_from,
    CAST(LEAST(as_of(), d.risk_date + INTERVAL 86399 SECOND) AS DATETIME) AS window_to,
    CAST(d.attempt_count AS DECIMAL(24, 4)) AS measured_value,
    CAST(number.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            d.attempt_count, ' payments after at most ', quiet.parameter_value + 0, ' in ',
            days.parameter_value + 0, ' days')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS number
    ON number.rule_id = r.rule_id
        AND number.rule_version = r.rule_version
        AND number.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS quiet
    ON quiet.rule_id = r.rule_id
        AND quiet.rule_version = r.rule_version
        AND quiet.parameter_name = 'maximum_count'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'idle_days'
INNER JOIN risk_scope_day AS d
INNER JOIN accounts AS a ON a.account_id = d.account_id
WHERE r.rule_id = 'A14'
    AND d.is_new = 1
    AND d.attempt_count >= number.parameter_value
    AND a.opened_at < d.risk_date - INTERVAL days.parameter_value DAY
    AND (
        SELECT COALESCE(SUM(h.total_count), 0)
        FROM account_day AS h
        WHERE h.account_id = d.account_id
            AND h.activity_date >= d.risk_date - INTERVAL days.parameter_value DAY
            AND h.activity_date < d.risk_date
    ) <= quiet.parameter_value;
