-- rule_structuring: A03, A04, A05, several payments just below the reporting threshold within a
-- window: one rule for each set of parameters.
--
-- Grain: one row per rule, account and day on which such a window ends.
-- Note: looks at the accounts of risk_scope; measured are the payments of all such windows of
-- the day.
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
CREATE OR REPLACE VIEW rule_structuring AS
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
        CONCAT(
            f.needed + COUNT(*) - 1, ' payments just below the threshold, the last one of ',
            MAX(f.base_amount))
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
        CAST(need.parameter_value AS SIGNED) AS needed,
        span.parameter_value AS window_seconds,
        -- The payment that a window must still hold to be one.
        LAG(t.transaction_time, CAST(need.parameter_value AS SIGNED) - 1) OVER (
            PARTITION BY r.rule_id, t.account_id
            ORDER BY t.transaction_time, t.transaction_id
        ) AS first_at
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS low
        ON low.rule_id = r.rule_id
            AND low.rule_version = r.rule_version
            AND low.parameter_name = 'minimum_amount'
    INNER JOIN rule_parameters AS high
        ON high.rule_id = r.rule_id
            AND high.rule_version = r.rule_version
            AND high.parameter_name = 'maximum_amount'
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN risk_scope AS s ON TRUE
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = s.account_id
            AND d.risk_date >= s.from_date - INTERVAL CEIL(span.parameter_value / 86400) DAY
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id >= d.account_id
            AND t.account_id <= d.account_id
            AND t.transaction_time >= d.risk_date
            AND t.transaction_time < d.risk_date + INTERVAL 1 DAY
    WHERE r.view_name = 'rule_structuring'
        AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
        AND d.maximum_amount >= low.parameter_value
        AND t.status = 'completed'
        AND t.base_amount >= low.parameter_value
        AND t.base_amount < high.parameter_value
) AS f
WHERE f.last_at >= f.from_date
    AND f.first_at > f.last_at - INTERVAL f.window_seconds SECOND
GROUP BY f.rule_id, f.account_id, DATE(f.last_at);
