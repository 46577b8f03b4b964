-- int_fan_in: money from more accounts within a window than a rule allows.
--
-- Grain: one row per rule, account and day on which such a window ends.
-- Note: looks at the new days of risk_scope_day: of A18, whose window is up to a day, at windows
-- that end with the last transfer of an hour, of A18B at those that end with the last of a day.
-- Columns:
--   view_name        view of the rule
--   rule_id          rule
--   rule_version     version of its parameters
--   customer_id      customer
--   account_id       account
--   window_from      begin of the day (UTC)
--   window_to        last end of a window (UTC)
--   other_count      most accounts that sent money in a window
--   needed           what it was compared with
--   amount           most money in a window, base currency
--   points           points of a hit
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_fan_in AS
SELECT
    f.view_name,
    f.rule_id,
    f.rule_version,
    f.customer_id,
    f.account_id,
    CAST(f.transfer_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    MAX(f.others) AS other_count,
    f.needed,
    MAX(f.amount) AS amount,
    f.points
FROM (
    SELECT
        e.view_name,
        e.rule_id,
        e.rule_version,
        e.points,
        e.customer_id,
        e.account_id,
        e.transfer_date,
        e.last_at,
        e.needed,
        COUNT(DISTINCT i.payer_account_id) AS others,
        SUM(i.transfer_amount) AS amount
    FROM (
        SELECT
            r.view_name,
            r.rule_id,
            r.rule_version,
            r.points,
            need.parameter_value AS needed,
            need.parameter_name = 'maximum_count' AS is_maximum,
            span.parameter_value AS window_seconds,
            d.customer_id,
            d.account_id,
            x.transfer_date,
            MAX(x.last_at) AS last_at
        FROM int_active_rule AS r
        INNER JOIN rule_parameters AS need
            ON need.rule_id = r.rule_id
                AND need.rule_version = r.rule_version
                AND need.parameter_name
                    = IF(r.view_name = 'rule_a18_fan_in', 'maximum_count', 'minimum_count')
        INNER JOIN rule_parameters AS span
            ON span.rule_id = r.rule_id
                AND span.rule_version = r.rule_version
                AND span.parameter_name = 'window_seconds'
        INNER JOIN risk_scope_day AS d ON TRUE
        LEFT JOIN risk_scope_day AS g
            ON g.account_id = d.account_id AND g.risk_date = d.risk_date - INTERVAL 1 DAY
        STRAIGHT_JOIN transfer_day AS x
            ON x.payee_account_id = d.account_id AND x.transfer_date = d.risk_date
        WHERE r.view_name IN ('rule_a18_fan_in', 'rule_a18b_fan_in_week')
            AND d.is_new = 1
            AND d.received_count > 0
            -- A window of a day lies in two days at most.
            AND (
                r.view_name <> 'rule_a18_fan_in'
                OR d.received_count + COALESCE(g.received_count, 0) > need.parameter_value
            )
            AND x.last_at <= as_of()
        GROUP BY r.view_name, r.rule_id, d.account_id, x.transfer_date,
            IF(r.view_name = 'rule_a18_fan_in', HOUR(x.last_at), 0),
            r.rule_version, r.points, need.parameter_value, need.parameter_name,
            span.parameter_value, d.customer_id
    ) AS e
    STRAIGHT_JOIN transfer_day AS i
        ON i.payee_account_id = e.account_id
            AND i.transfer_date >= DATE(e.last_at - INTERVAL e.window_seconds SECOND)
            AND i.transfer_date <= e.transfer_date
    WHERE i.last_at > e.last_at - INTERVAL e.window_seconds SECOND
        AND i.first_at <= e.last_at
    GROUP BY e.view_name, e.rule_id, e.account_id, e.last_at, e.rule_version, e.points,
        e.customer_id, e.transfer_date, e.needed
    HAVING COUNT(DISTINCT i.payer_account_id) >= MAX(e.needed + e.is_maximum)
) AS f
GROUP BY f.view_name, f.rule_id, f.account_id, f.transfer_date, f.rule_version, f.customer_id,
    f.needed, f.points;
