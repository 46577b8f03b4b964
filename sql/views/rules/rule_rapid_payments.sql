-- rule_rapid_payments: A25, A25B, very many payments within a short window, wherever it begins: one
-- rule for each set of parameters.
--
-- Grain: one row per rule, account and day on which such a window ends.
-- Note: looks at the days of risk_scope_day with half of what is needed; window_seconds may be up
-- to 86,400.
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
CREATE OR REPLACE VIEW rule_rapid_payments AS
SELECT
    b.rule_id,
    b.rule_version,
    b.customer_id,
    b.account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    b.window_from,
    b.window_to,
    CAST(b.measured_count AS DECIMAL(24, 4)) AS measured_value,
    CAST(b.needed AS DECIMAL(24, 4)) AS threshold_value,
    b.points,
    CAST(CONCAT(b.measured_count, ' payments within the window') AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM int_payment_burst AS b
WHERE b.view_name = 'rule_rapid_payments';
