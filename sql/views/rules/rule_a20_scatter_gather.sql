-- rule_a20_scatter_gather: A20, money that goes from one account over several others to one again.
--
-- Grain: one row per account that scattered or gathered, and day of the gathering.
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
CREATE OR REPLACE VIEW rule_a20_scatter_gather AS
SELECT
    f.rule_id,
    f.rule_version,
    a.customer_id AS customer_id,
    a.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.risk_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.others) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(f.needed) AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(
            'over ', MAX(f.others), ' accounts ', IF(MAX(e.is_source), 'to', 'from'), ' one')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        need.parameter_value AS needed,
        w.account_id,
        s.payer_account_id AS source_account_id,
        w.risk_date,
        MAX(e.last_at) AS last_at,
        COUNT(DISTINCT e.payer_account_id) AS others
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS share
        ON share.rule_id = r.rule_id
            AND share.rule_version = r.rule_version
            AND share.parameter_name = 'minimum_share'
    INNER JOIN rule_parameters AS days
        ON days.rule_id = r.rule_id
            AND days.rule_version = r.rule_version
            AND days.parameter_name = 'window_days'
    INNER JOIN (
        SELECT STRAIGHT_JOIN
            d.account_id,
            d.risk_date
        FROM int_active_rule AS r
        INNER JOIN rule_parameters AS need
            ON need.rule_id = r.rule_id
                AND need.rule_version = r.rule_version
                AND need.parameter_name = 'minimum_count'
        INNER JOIN rule_parameters AS most
            ON most.rule_id = r.rule_id
                AND most.rule_version = r.rule_version
                AND most.parameter_name = 'maximum_count'
        INNER JOIN rule_parameters AS days
            ON days.rule_id = r.rule_id
                AND days.rule_version = r.rule_version
                AND days.parameter_name = 'window_days'
        INNER JOIN risk_scope_day AS d ON TRUE
        INNER JOIN transfer_day AS g
            ON g.payee_account_id = d.account_id
                AND g.transfer_date > d.risk_date - INTERVAL days.parameter_value DAY
                AND g.transfer_date <= d.risk_date
        WHERE r.rule_id = 'A20'
            AND d.is_new = 1
            AND d.received_count > 0
        GROUP BY d.account_id, d.risk_date
        HAVING COUNT(DISTINCT g.payer_account_id) >= MAX(need.parameter_value)
            -- Who is paid by everybody gathers nothing.
            AND COUNT(DISTINCT g.payer_account_id) <= MAX(most.parameter_value)
    ) AS w
    INNER JOIN transfer_day AS e
        ON e.payee_account_id = w.account_id
            AND e.transfer_date > w.risk_date - INTERVAL days.parameter_value DAY
            AND e.transfer_date <= w.risk_date
    INNER JOIN transfer_day AS s
        ON s.payee_account_id = e.payer_account_id
            AND s.transfer_date > w.risk_date - INTERVAL days.parameter_value DAY
            AND s.transfer_date <= e.transfer_date
    WHERE r.rule_id = 'A20'
        AND s.first_at <= e.last_at
        AND s.payer_account_id <> w.account_id
    GROUP BY w.account_id, w.risk_date, s.payer_account_id
    HAVING COUNT(DISTINCT e.payer_account_id) >= MAX(need.parameter_value)
        -- What was gathered is about what was scattered.
        AND SUM(LEAST(e.transfer_amount, s.transfer_amount))
            >= MAX(share.parameter_value) * SUM(GREATEST(e.transfer_amount, s.transfer_amount))
) AS f
-- Both ends belong to whoever hides the way between them.
CROSS JOIN (SELECT 0 AS is_source UNION ALL SELECT 1) AS e
INNER JOIN accounts AS a
    ON a.account_id = IF(e.is_source, f.source_account_id, f.account_id)
GROUP BY a.account_id, f.risk_date;
