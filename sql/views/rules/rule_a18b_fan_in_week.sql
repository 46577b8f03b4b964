-- rule_a18b_fan_in_week: A18B, money from several accounts within a week.
--
-- Grain: one row per account and day on which such a window ends.
-- Note: looks at the new days of risk_scope_day, at windows that end with the last transfer of a
-- day.
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
CREATE OR REPLACE VIEW rule_a18b_fan_in_week AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.transfer_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.others) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(f.needed) AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT(MAX(f.others), ' accounts sent ', MAX(f.amount)) AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        e.customer_id,
        e.account_id,
        e.transfer_date,
        e.last_at,
        need.parameter_value AS needed,
        COUNT(DISTINCT i.payer_account_id) AS others,
        SUM(i.transfer_amount) AS amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN (
        SELECT
            d.customer_id,
            d.account_id,
            x.transfer_date,
            MAX(x.last_at) AS last_at
        FROM risk_scope_day AS d
        STRAIGHT_JOIN transfer_day AS x
            ON x.payee_account_id = d.account_id AND x.transfer_date = d.risk_date
        WHERE d.is_new = 1
            AND d.received_count > 0
            AND x.last_at <= as_of()
        GROUP BY d.account_id, x.transfer_date
    ) AS e
    STRAIGHT_JOIN transfer_day AS i
        ON i.payee_account_id = e.account_id
            AND i.transfer_date >= DATE(e.last_at - INTERVAL span.parameter_value SECOND)
            AND i.transfer_date <= e.transfer_date
    WHERE r.rule_id = 'A18B'
        AND i.last_at > e.last_at - INTERVAL span.parameter_value SECOND
        AND i.first_at <= e.last_at
    GROUP BY e.account_id, e.last_at
    HAVING COUNT(DISTINCT i.payer_account_id) >= MAX(need.parameter_value)
) AS f
GROUP BY f.account_id, f.transfer_date;
