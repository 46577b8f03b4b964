-- rule_a34_payment_after_failed_login: A34, a payment within an hour after failed logins of the
-- owner.
--
-- Grain: one row per payment.
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
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW rule_a34_payment_after_failed_login AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id,
    f.account_id,
    f.transaction_id,
    -- That of the payment: a login that becomes known late makes no other hit of it.
    CAST(f.transaction_time AS DATETIME) AS window_from,
    CAST(f.transaction_time AS DATETIME) AS window_to,
    CAST(f.login_count AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.minimum_count AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(f.login_count, ' failed logins, then a payment of ', f.base_amount)
    AS CHAR(400)) AS evidence
FROM (
    -- Counted without GROUP BY, which would keep the server from reading the range alone.
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        need.parameter_value AS minimum_count,
        s.customer_id,
        t.account_id,
        t.transaction_id,
        t.transaction_time,
        COALESCE(t.base_amount, 0) AS base_amount,
        l.login_time,
        COUNT(*) OVER (PARTITION BY t.transaction_id) AS login_count,
        ROW_NUMBER() OVER (
            PARTITION BY t.transaction_id
            ORDER BY l.login_time, l.login_id
        ) AS login_number
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN risk_scope AS s ON TRUE
    STRAIGHT_JOIN login_activity AS l FORCE INDEX (idx_login_activity_customer_status_time)
        ON l.customer_id = s.customer_id
            AND l.login_status = 'failed'
            AND l.login_time >= s.from_date - INTERVAL span.parameter_value SECOND
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id >= s.account_id
            AND t.account_id <= s.account_id
            AND t.transaction_time >= l.login_time
            AND t.transaction_time <= l.login_time + INTERVAL span.parameter_value SECOND
    WHERE r.rule_id = 'A34'
        AND t.transaction_time + INTERVAL 0 SECOND >= s.from_date
        AND t.transaction_time + INTERVAL 0 SECOND <= as_of()
        AND t.status NOT IN ('failed', 'denied', 'cancelled')
) AS f
WHERE f.login_number = 1
    AND f.login_count >= f.minimum_count;
