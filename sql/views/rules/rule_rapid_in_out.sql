-- rule_rapid_in_out: A15, A15B, most of the money that came in leaves within two days: one rule for
-- each set of parameters.
--
-- Grain: one row per rule, account and day on which money came in.
-- Note: looks at the days of risk_scope_day; window_days may be 1 or 2.
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
CREATE OR REPLACE VIEW rule_rapid_in_out AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    d.customer_id AS customer_id,
    d.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(d.risk_date AS DATETIME) AS window_from,
    CAST(
        LEAST(as_of(), d.risk_date + INTERVAL days.parameter_value * 86400 - 1 SECOND)
    AS DATETIME) AS window_to,
    CAST(
        1.000000 * SUM(o.out_amount) / (d.in_amount + d.received_amount)
    AS DECIMAL(24, 4)) AS measured_value,
    CAST(low.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(d.in_amount + d.received_amount, ' in, ', SUM(o.out_amount), ' out')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS low
    ON low.rule_id = r.rule_id
        AND low.rule_version = r.rule_version
        AND low.parameter_name = 'minimum_share'
INNER JOIN rule_parameters AS high
    ON high.rule_id = r.rule_id
        AND high.rule_version = r.rule_version
        AND high.parameter_name = 'maximum_share'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'window_days'
INNER JOIN rule_parameters AS turnover
    ON turnover.rule_id = r.rule_id
        AND turnover.rule_version = r.rule_version
        AND turnover.parameter_name = 'minimum_turnover_share'
INNER JOIN risk_scope_day AS d ON TRUE
STRAIGHT_JOIN int_days_back AS n ON n.days < days.parameter_value
STRAIGHT_JOIN risk_scope_day AS o
    ON o.account_id = d.account_id AND o.risk_date = d.risk_date + INTERVAL n.days DAY
WHERE r.view_name = 'rule_rapid_in_out'
    AND d.in_amount + d.received_amount >= amount.parameter_value
    -- Money goes in and out of a business all day.
    AND (
        turnover.parameter_value = 0
        OR d.in_amount + d.received_amount >= turnover.parameter_value * (
            SELECT SUM(h.completed_amount)
            FROM account_day AS h
            WHERE h.account_id = d.account_id
                AND h.activity_date > d.risk_date - INTERVAL 30 DAY
                AND h.activity_date <= d.risk_date
        )
    )
GROUP BY r.rule_id, d.account_id, d.risk_date
HAVING SUM(o.out_amount) >= MAX(low.parameter_value) * MAX(d.in_amount + d.received_amount)
    AND SUM(o.out_amount) <= MAX(high.parameter_value) * MAX(d.in_amount + d.received_amount);
