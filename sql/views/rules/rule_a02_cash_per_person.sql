-- rule_a02_cash_per_person: A02, cash of one person on one day over the reporting threshold, in
-- several payments or accounts.
--
-- Grain: one row per customer and day.
-- Note: looks at the accounts of risk_scope.
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
    AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN (
    SELECT
        s.customer_id,
        d.risk_date,
        SUM(d.cash_count) AS cash_count,
        SUM(d.cash_amount) AS cash_amount
    FROM (
        SELECT
            p.customer_id,
            MIN(p.from_date) AS from_date
        FROM risk_scope AS p
        GROUP BY p.customer_id
    ) AS s
    STRAIGHT_JOIN accounts AS a ON a.customer_id = s.customer_id
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = a.account_id AND d.risk_date >= s.from_date
    WHERE d.cash_count > 0
        AND d.risk_date <= as_of()
    GROUP BY s.customer_id, d.risk_date
) AS c
WHERE r.rule_id = 'A02'
    AND c.cash_amount > amount.parameter_value;
