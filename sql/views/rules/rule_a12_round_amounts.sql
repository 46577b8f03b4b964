-- rule_a12_round_amounts: A12, several payments of round amounts within a month.
--
-- Grain: one row per account and day with such a payment.
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
CREATE OR REPLACE VIEW rule_a12_round_amounts AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    c.customer_id AS customer_id,
    c.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(c.risk_date AS DATETIME) AS window_from,
    CAST(c.last_at AS DATETIME) AS window_to,
    CAST(COUNT(*) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(need.parameter_value) AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(COUNT(*), ' payments of multiples of ', MAX(unit.parameter_value))
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS unit
    ON unit.rule_id = r.rule_id
        AND unit.rule_version = r.rule_version
        AND unit.parameter_name = 'round_unit'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_days'
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN (
    SELECT
        p.customer_id,
        p.account_id,
        p.risk_date,
        MAX(p.transaction_time) AS last_at
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS unit
        ON unit.rule_id = r.rule_id
            AND unit.rule_version = r.rule_version
            AND unit.parameter_name = 'round_unit'
    INNER JOIN rule_parameters AS amount
        ON amount.rule_id = r.rule_id
            AND amount.rule_version = r.rule_version
            AND amount.parameter_name = 'minimum_amount'
    INNER JOIN int_scope_payment AS p
    WHERE r.rule_id = 'A12'
        AND p.is_new = 1
        AND p.maximum_amount >= amount.parameter_value
        AND p.status = 'completed'
        AND p.base_amount >= amount.parameter_value
        AND p.transaction_amount >= unit.parameter_value
        AND MOD(p.transaction_amount, unit.parameter_value) = 0
    GROUP BY p.account_id, p.risk_date
) AS c
STRAIGHT_JOIN int_days_back AS n ON n.days <= span.parameter_value
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
    ON t.account_id = c.account_id AND t.transaction_date = c.risk_date - INTERVAL n.days DAY
WHERE r.rule_id = 'A12'
    AND t.status = 'completed'
    AND t.transaction_time > c.last_at - INTERVAL span.parameter_value DAY
    AND t.transaction_time <= c.last_at
    AND t.base_amount >= amount.parameter_value
    AND t.transaction_amount >= unit.parameter_value
    AND MOD(t.transaction_amount, unit.parameter_value) = 0
GROUP BY c.account_id, c.risk_date
HAVING COUNT(*) >= MAX(need.parameter_value);
