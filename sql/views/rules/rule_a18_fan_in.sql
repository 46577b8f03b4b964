-- rule_a18_fan_in: A18, money from very many accounts within a day (seed: over 20).
--
-- Grain: one row per account and day on which such a window ends.
-- Note: looks at the accounts of risk_scope; a window ends with the last transfer of each hour,
-- and window_seconds may be up to 86,400.
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
CREATE OR REPLACE VIEW rule_a18_fan_in AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(f.last_at) AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.others) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(f.needed) AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT(MAX(f.others), ' accounts sent ', MAX(f.amount)) AS CHAR(400)) AS evidence
FROM (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        s.customer_id,
        s.account_id,
        e.last_at,
        need.parameter_value AS needed,
        COUNT(DISTINCT i.payer_account_id) AS others,
        SUM(i.transfer_amount) AS amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'maximum_count'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN risk_scope AS s ON TRUE
    STRAIGHT_JOIN (
        SELECT
            x.payee_account_id,
            x.transfer_date,
            MAX(x.last_at) AS last_at
        FROM risk_scope AS z
        STRAIGHT_JOIN transfer_day AS x
            ON x.payee_account_id = z.account_id AND x.transfer_date >= z.from_date
        WHERE x.last_at <= as_of()
        GROUP BY x.payee_account_id, x.transfer_date, HOUR(x.last_at)
    ) AS e ON e.payee_account_id = s.account_id
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = e.payee_account_id AND d.risk_date = e.transfer_date
    LEFT JOIN account_risk_day AS g
        ON g.account_id = e.payee_account_id
            AND g.risk_date = e.transfer_date - INTERVAL 1 DAY
    STRAIGHT_JOIN transfer_day AS i
        ON i.payee_account_id = e.payee_account_id
            AND i.transfer_date >= DATE(e.last_at - INTERVAL span.parameter_value SECOND)
            AND i.transfer_date <= e.transfer_date
    WHERE r.rule_id = 'A18'
        -- A window of a day lies in two days at most.
        AND d.received_count + COALESCE(g.received_count, 0) > need.parameter_value
        AND i.last_at > e.last_at - INTERVAL span.parameter_value SECOND
        AND i.first_at <= e.last_at
    GROUP BY e.payee_account_id, e.last_at
    HAVING COUNT(DISTINCT i.payer_account_id) > need.parameter_value
) AS f
GROUP BY f.account_id, DATE(f.last_at);
