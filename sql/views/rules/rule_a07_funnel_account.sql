-- rule_a07_funnel_account: A07, deposits of cash below the threshold in several places, and money
-- taken out in another soon after.
--
-- Grain: one row per payment that takes money out.
-- Note: looks at the new days of risk_scope_day; window_seconds may be up to 2,592,000.
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
CREATE OR REPLACE VIEW rule_a07_funnel_account AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    p.customer_id AS customer_id,
    p.account_id AS account_id,
    p.transaction_id AS transaction_id,
    CAST(p.transaction_time AS DATETIME) AS window_from,
    CAST(p.transaction_time AS DATETIME) AS window_to,
    CAST(COUNT(DISTINCT h.location) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('cash deposited in ', COUNT(DISTINCT h.location), ' places, taken out in another')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS high
    ON high.rule_id = r.rule_id
        AND high.rule_version = r.rule_version
        AND high.parameter_name = 'maximum_amount'
INNER JOIN rule_parameters AS low
    ON low.rule_id = r.rule_id
        AND low.rule_version = r.rule_version
        AND low.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_seconds'
INNER JOIN int_scope_payment AS p ON TRUE
INNER JOIN int_days_back AS n ON n.days <= CEIL(span.parameter_value / 86400)
INNER JOIN transactions AS h FORCE INDEX (idx_transactions_account_date)
    ON h.account_id = p.account_id AND h.transaction_date = p.risk_date - INTERVAL n.days DAY
WHERE r.rule_id = 'A07'
    AND p.is_new = 1
    AND p.cash_amount > 0
    AND p.status = 'completed'
    AND p.transaction_type = 'atm_withdrawal'
    AND h.status = 'completed'
    AND h.transaction_type = 'cash_deposit'
    AND h.base_amount < high.parameter_value
    AND h.transaction_time <= p.transaction_time
    AND h.transaction_time > p.transaction_time - INTERVAL span.parameter_value SECOND
    AND h.location <> p.location
GROUP BY p.transaction_id
HAVING COUNT(DISTINCT h.location) >= MAX(need.parameter_value)
    AND SUM(h.base_amount) >= MAX(low.parameter_value);
