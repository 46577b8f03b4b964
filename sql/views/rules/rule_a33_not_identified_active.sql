-- rule_a33_not_identified_active: A33, a customer who is not identified makes payments.
--
-- Grain: one row per customer and month.
-- Note: looks at the customers in risk_scope.
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
CREATE OR REPLACE VIEW rule_a33_not_identified_active AS
SELECT
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    CAST(NULL AS SIGNED) AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE_FORMAT(as_of(), '%Y-%m-01') AS DATETIME) AS window_from,
    CAST(as_of() AS DATETIME) AS window_to,
    CAST(w.total_count AS DECIMAL(24, 4)) AS measured_value,
    CAST(0 AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(w.total_count, ' payments in 30 days, identification ', c.kyc_status)
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN int_scope_customer AS s
STRAIGHT_JOIN customers AS c ON c.customer_id = s.customer_id
STRAIGHT_JOIN customer_window AS w ON w.customer_id = s.customer_id
WHERE r.rule_id = 'A33'
    AND c.kyc_status <> 'verified'
    AND c.is_active = 1
    AND w.total_count > 0;
