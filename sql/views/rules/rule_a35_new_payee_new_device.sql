-- rule_a35_new_payee_new_device: A35, a large transfer to a payee never paid before, soon after a
-- login with a device never seen before.
--
-- Grain: one row per payment.
-- Note: looks at the new days of risk_scope_day.
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
CREATE OR REPLACE VIEW rule_a35_new_payee_new_device AS
SELECT
    r.rule_id,
    r.rule_version,
    p.customer_id AS customer_id,
    p.account_id AS account_id,
    p.transaction_id AS transaction_id,
    CAST(p.transaction_time AS DATETIME) AS window_from,
    CAST(p.transaction_time AS DATETIME) AS window_to,
    CAST(p.base_amount AS DECIMAL(24, 4)) AS measured_value,
    CAST(amount.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(p.base_amount, ' to a new payee after a login with a new device')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_seconds'
INNER JOIN int_scope_payment AS p
WHERE r.rule_id = 'A35'
    AND p.is_new = 1
    AND p.transfer_count > 0
    AND p.maximum_amount >= amount.parameter_value
    AND p.status = 'completed'
    AND p.base_amount >= amount.parameter_value
    AND p.counterparty_account_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM transfer_day AS e FORCE INDEX (idx_transfer_day_pair)
        WHERE e.payer_account_id = p.account_id
            AND e.payee_account_id = p.counterparty_account_id
            AND e.transfer_date < p.risk_date
    )
    AND EXISTS (
        SELECT 1
        FROM login_activity AS l FORCE INDEX (idx_login_activity_customer_status_time)
        WHERE l.customer_id = p.customer_id
            AND l.login_status = 'success'
            AND l.login_time <= p.transaction_time
            AND l.login_time >= p.transaction_time - INTERVAL span.parameter_value SECOND
            AND l.device IS NOT NULL
            AND NOT EXISTS (
                SELECT 1
                FROM login_activity AS o
                WHERE o.customer_id = l.customer_id
                    AND o.device = l.device
                    AND o.login_time < p.transaction_time - INTERVAL span.parameter_value SECOND
            )
            -- A first device is no new one.
            AND EXISTS (
                SELECT 1
                FROM login_activity AS o
                WHERE o.customer_id = l.customer_id
                    AND o.login_time < p.transaction_time - INTERVAL span.parameter_value SECOND
            )
    );
