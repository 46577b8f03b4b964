-- rule_payment_after_failed_login: A34, A34B, a payment within an hour after failed logins of the
-- owner: one rule for each set of parameters.
--
-- Grain: one row per rule and payment.
-- Note: looks at the accounts of risk_scope; window_seconds may be up to 86,400. The window is the
-- payment: a login that becomes known late makes no other hit of it.
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
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW rule_payment_after_failed_login AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    p.account_id AS account_id,
    p.transaction_id AS transaction_id,
    CAST(p.transaction_time AS DATETIME) AS window_from,
    CAST(p.transaction_time AS DATETIME) AS window_to,
    CAST(COUNT(*) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(COUNT(*), ' failed logins, then a payment of ', COALESCE(p.base_amount, 0))
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_seconds'
INNER JOIN risk_scope AS s ON TRUE
INNER JOIN login_activity AS l FORCE INDEX (idx_login_activity_customer_status_time)
    ON l.customer_id = s.customer_id
        AND l.login_status = 'failed'
        AND l.login_time >= s.from_date - INTERVAL span.parameter_value SECOND
INNER JOIN int_days_back AS n
    ON n.days <= DATEDIFF(l.login_time + INTERVAL span.parameter_value SECOND, l.login_time)
INNER JOIN transactions AS p FORCE INDEX (idx_transactions_account_date)
    ON p.account_id = s.account_id
        AND p.transaction_date = DATE(l.login_time) + INTERVAL n.days DAY
WHERE r.view_name = 'rule_payment_after_failed_login'
    AND p.transaction_time >= l.login_time
    AND p.transaction_time <= l.login_time + INTERVAL span.parameter_value SECOND
    AND p.transaction_time >= s.from_date
    AND p.transaction_time <= as_of()
    AND p.status NOT IN ('failed', 'denied', 'cancelled')
    AND COALESCE(p.base_amount, 0) >= amount.parameter_value
GROUP BY r.rule_id, p.transaction_id
HAVING COUNT(*) >= MAX(need.parameter_value);
