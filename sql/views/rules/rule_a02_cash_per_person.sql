-- rule_a02_cash_per_person: A02, cash of one person on one day over the reporting threshold.
--
-- Grain: one row per customer and day.
-- Note: looks at the new days of risk_scope_day with a twentieth of the amount, and on these at all
-- accounts of the person.
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
-- NULL: account_id and transaction_id are NULL.
CREATE OR REPLACE VIEW rule_a02_cash_per_person AS
SELECT
    r.rule_id,
    r.rule_version,
    c.customer_id AS customer_id,
    CAST(NULL AS SIGNED) AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(c.risk_date AS DATETIME) AS window_from,
    CAST(LEAST(as_of(), c.risk_date + INTERVAL 86399 SECOND) AS DATETIME) AS window_to,
    CAST(c.cash_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(c.cash_count, ' payments in cash, ', c.cash_amount, ' in all')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN (
    SELECT
        q.customer_id,
        q.risk_date,
        COUNT(*) AS cash_count,
        SUM(t.base_amount) AS cash_amount
    FROM (
        SELECT DISTINCT
            d.customer_id,
            d.risk_date
        FROM int_active_rule AS r
        INNER JOIN rule_parameters AS amount
            ON amount.rule_id = r.rule_id
                AND amount.rule_version = r.rule_version
                AND amount.parameter_name = 'minimum_amount'
        INNER JOIN risk_scope_day AS d
        WHERE r.rule_id = 'A02'
            AND d.is_new = 1
            AND d.cash_amount > amount.parameter_value / 20
    ) AS q
    STRAIGHT_JOIN accounts AS a ON a.customer_id = q.customer_id
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
        ON t.account_id = a.account_id AND t.transaction_date = q.risk_date
    WHERE t.status = 'completed'
        AND t.transaction_type IN ('cash_deposit', 'atm_withdrawal')
        AND t.transaction_time <= as_of()
    GROUP BY q.customer_id, q.risk_date
) AS c
WHERE r.rule_id = 'A02'
    AND c.cash_amount > amount.parameter_value;
