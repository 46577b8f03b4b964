-- rule_structuring: A03, A04, A05, several payments just below the reporting threshold within a
-- window, wherever it begins: one rule for each set of parameters.
--
-- Grain: one row per rule, account and day on which such a window ends.
-- Note: looks at the new days of risk_scope_day, and back over the window from there.
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
    CAST(f.risk_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.payments) AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.needed AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(
            MAX(f.payments), ' payments just below the threshold, the last one of ',
            MAX(f.base_amount))
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        p.customer_id,
        p.account_id,
        p.risk_date,
        p.transaction_time AS last_at,
        p.base_amount,
        need.parameter_value AS needed,
        COUNT(*) AS payments
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
    INNER JOIN int_scope_payment AS p ON TRUE
    STRAIGHT_JOIN int_days_back AS n ON n.days <= CEIL(span.parameter_value / 86400)
    STRAIGHT_JOIN transactions AS h FORCE INDEX (idx_transactions_account_date)
        ON h.account_id = p.account_id AND h.transaction_date = p.risk_date - INTERVAL n.days DAY
    WHERE r.view_name = 'rule_structuring'
        AND p.is_new = 1
        AND p.maximum_amount >= low.parameter_value
        AND p.status = 'completed'
        AND p.base_amount >= low.parameter_value
        AND p.base_amount < high.parameter_value
        AND h.status = 'completed'
        AND h.base_amount >= low.parameter_value
        AND h.base_amount < high.parameter_value
        AND h.transaction_time <= p.transaction_time
        AND h.transaction_time > p.transaction_time - INTERVAL span.parameter_value SECOND
    GROUP BY r.rule_id, p.transaction_id
    HAVING COUNT(*) >= MAX(need.parameter_value)
) AS f
GROUP BY f.rule_id, f.account_id, f.risk_date;
