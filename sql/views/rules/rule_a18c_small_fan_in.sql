-- rule_a18c_small_fan_in: A18C, very small transfers from several accounts.
--
-- Grain: one row per account that received or sent one, and day on which such a window ends.
-- Note: looks at the new days of risk_scope_day. Small is a share of the mean transfer between our
-- accounts in the window.
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
CREATE OR REPLACE VIEW rule_a18c_small_fan_in AS
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
    CAST(
        CONCAT('small transfers from ', MAX(f.others), ' accounts to one')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT
        w.rule_id,
        w.rule_version,
        w.points,
        w.needed,
        w.others,
        w.transfer_date,
        w.last_at,
        a.customer_id,
        a.account_id
    FROM (
        SELECT STRAIGHT_JOIN
            r.rule_id,
            r.rule_version,
            r.points,
            need.parameter_value AS needed,
            d.account_id,
            d.risk_date AS transfer_date,
            q.small_amount,
            days.parameter_value AS days,
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
                AND share.parameter_name = 'maximum_share'
        INNER JOIN rule_parameters AS days
            ON days.rule_id = r.rule_id
                AND days.rule_version = r.rule_version
                AND days.parameter_name = 'window_days'
        INNER JOIN (
            SELECT
                AVG(1.000000 * t.transfer_amount / t.transfer_count)
                    * (
                        SELECT p.parameter_value
                        FROM rule_parameters AS p
                        INNER JOIN int_active_rule AS v
                            ON v.rule_id = p.rule_id AND v.rule_version = p.rule_version
                        WHERE p.rule_id = 'A18C' AND p.parameter_name = 'maximum_share'
                    ) AS small_amount
            FROM transfer_day AS t
            WHERE t.transfer_date > DATE(as_of()) - INTERVAL 30 DAY
        ) AS q ON share.parameter_value > 0
        INNER JOIN risk_scope_day AS d ON TRUE
        INNER JOIN transfer_day AS o
            ON o.payee_account_id = d.account_id AND o.transfer_date = d.risk_date
        INNER JOIN transfer_day AS e
            ON e.payee_account_id = d.account_id
                AND e.transfer_date > d.risk_date - INTERVAL days.parameter_value DAY
                AND e.transfer_date <= d.risk_date
        WHERE r.rule_id = 'A18C'
            AND d.is_new = 1
            AND d.received_count > 0
            AND o.transfer_amount <= o.transfer_count * q.small_amount
            AND e.transfer_amount <= e.transfer_count * q.small_amount
        GROUP BY d.account_id, d.risk_date, r.rule_id, r.rule_version, r.points,
            need.parameter_value, q.small_amount, days.parameter_value
        HAVING COUNT(DISTINCT e.payer_account_id) >= MAX(need.parameter_value)
    ) AS w
    INNER JOIN transfer_day AS m
        ON m.payee_account_id = w.account_id
            AND m.transfer_date > w.transfer_date - INTERVAL w.days DAY
            AND m.transfer_date <= w.transfer_date
            AND m.transfer_amount <= m.transfer_count * w.small_amount
    INNER JOIN accounts AS a ON a.account_id IN (w.account_id, m.payer_account_id)
) AS f
GROUP BY f.account_id, f.transfer_date, f.rule_id, f.rule_version, f.customer_id, f.points;
