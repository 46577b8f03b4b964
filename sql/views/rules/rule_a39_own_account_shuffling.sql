-- rule_a39_own_account_shuffling: A39, money that goes to and fro between several accounts of one
-- owner.
--
-- Grain: one row per customer and day.
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
-- NULL: account_id and transaction_id are NULL.
CREATE OR REPLACE VIEW rule_a39_own_account_shuffling AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    w.customer_id AS customer_id,
    CAST(NULL AS SIGNED) AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(w.risk_date AS DATETIME) AS window_from,
    CAST(MAX(e.last_at) AS DATETIME) AS window_to,
    CAST(
        COUNT(DISTINCT IF(g.side = 0, e.payer_account_id, e.payee_account_id))
    AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            SUM(IF(g.side = 0, e.transfer_count, 0)), ' transfers between ',
            COUNT(DISTINCT IF(g.side = 0, e.payer_account_id, e.payee_account_id)), ' own accounts')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'window_days'
INNER JOIN (
    SELECT DISTINCT
        d.customer_id,
        d.risk_date
    FROM risk_scope_day AS d
    STRAIGHT_JOIN transfer_day AS x
        ON x.payer_account_id = d.account_id AND x.transfer_date = d.risk_date
    STRAIGHT_JOIN accounts AS b
        ON b.account_id = x.payee_account_id AND b.customer_id = d.customer_id
    WHERE d.is_new = 1
        AND d.transfer_count > 0
) AS w ON TRUE
INNER JOIN accounts AS a ON a.customer_id = w.customer_id
INNER JOIN int_days_back AS n ON n.days < days.parameter_value
INNER JOIN transfer_day AS e
    ON e.payer_account_id = a.account_id AND e.transfer_date = w.risk_date - INTERVAL n.days DAY
INNER JOIN accounts AS c ON c.account_id = e.payee_account_id AND c.customer_id = w.customer_id
INNER JOIN (
    SELECT 0 AS side
    UNION ALL
    SELECT 1
) AS g
WHERE r.rule_id = 'A39'
GROUP BY w.customer_id, w.risk_date
HAVING COUNT(DISTINCT IF(g.side = 0, e.payer_account_id, e.payee_account_id))
    >= MAX(need.parameter_value);
