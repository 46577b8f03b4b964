-- rule_a13_dormant_reactivation: A13, a large payment on the first day after a long silence.
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
CREATE OR REPLACE VIEW rule_a13_dormant_reactivation AS
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
        CONCAT(
            p.base_amount, ' after more than ', idle.parameter_value + 0, ' days without payments')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS amount
    ON amount.rule_id = r.rule_id
        AND amount.rule_version = r.rule_version
        AND amount.parameter_name = 'minimum_amount'
INNER JOIN rule_parameters AS idle
    ON idle.rule_id = r.rule_id
        AND idle.rule_version = r.rule_version
        AND idle.parameter_name = 'idle_days'
INNER JOIN int_scope_payment AS p
WHERE r.rule_id = 'A13'
    AND p.is_new = 1
    AND p.maximum_amount > amount.parameter_value
    AND p.status = 'completed'
    AND p.base_amount > amount.parameter_value
    AND NOT EXISTS (
        SELECT 1
        FROM transactions AS t FORCE INDEX (idx_transactions_account_date)
        WHERE t.account_id = p.account_id
            AND t.transaction_date >= p.risk_date - INTERVAL idle.parameter_value DAY
            AND t.transaction_date < p.risk_date
    )
    -- Silence is known of an account that paid before it, or that the bank itself calls dormant.
    AND (
        EXISTS (
            SELECT 1
            FROM transactions AS t FORCE INDEX (idx_transactions_account_date)
            WHERE t.account_id = p.account_id
                AND t.transaction_date < p.risk_date - INTERVAL idle.parameter_value DAY
        )
        OR EXISTS (
            SELECT 1
            FROM accounts AS a
            WHERE a.account_id = p.account_id
                AND a.account_status = 'dormant'
        )
    );
