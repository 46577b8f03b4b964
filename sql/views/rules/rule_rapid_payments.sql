-- rule_rapid_payments: A25, A25B, very many payments within a short window, wherever it begins:
-- one rule for each set of parameters.
--
-- Grain: one row per rule, account and day on which such a window ends.
-- Note: looks at the accounts of risk_scope; window_seconds may be up to 86,400; measured are
-- the payments of all such windows of the day.
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
CREATE OR REPLACE VIEW rule_rapid_payments AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(f.last_at) AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(f.needed + COUNT(*) - 1 AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.needed AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(f.needed + COUNT(*) - 1, ' payments in windows with too many')
    AS CHAR(400)) AS evidence
FROM (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        s.customer_id,
        s.from_date,
        t.account_id,
        t.base_amount,
        t.transaction_time AS last_at,
        CAST(number.parameter_value AS SIGNED) AS needed,
        span.parameter_value AS window_seconds,
        -- The payment that a window must still hold to be one.
        LAG(t.transaction_time, CAST(number.parameter_value AS SIGNED) - 1) OVER (
            PARTITION BY r.rule_id, t.account_id
            ORDER BY t.transaction_time, t.transaction_id
        ) AS first_at
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS number
        ON number.rule_id = r.rule_id
            AND number.rule_version = r.rule_version
            AND number.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN risk_scope AS s ON TRUE
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = s.account_id
            AND d.risk_date >= s.from_date - INTERVAL CEIL(span.parameter_value / 86400) DAY
    LEFT JOIN account_risk_day AS e
        ON e.account_id = d.account_id AND e.risk_date = d.risk_date - INTERVAL 1 DAY
    LEFT JOIN account_risk_day AS g
        ON g.account_id = d.account_id AND g.risk_date = d.risk_date + INTERVAL 1 DAY
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id >= d.account_id
            AND t.account_id <= d.account_id
            AND t.transaction_time >= d.risk_date
            AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
    WHERE r.view_name = 'rule_rapid_payments'
        AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
        -- A window of up to a day lies in two days at most.
        AND d.attempt_count + GREATEST(COALESCE(e.attempt_count, 0), COALESCE(g.attempt_count, 0))
            >= number.parameter_value
) AS f
WHERE f.last_at >= f.from_date
    AND f.first_at > f.last_at - INTERVAL f.window_seconds SECOND
GROUP BY f.rule_id, f.account_id, DATE(f.last_at);
