-- rule_m01_flagged_payment: M01, a payment that a person has flagged.
--
-- Grain: one row per flag that counts.
-- Note: looks at the accounts of risk_scope, where flag_payment puts them.
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
CREATE OR REPLACE VIEW rule_m01_flagged_payment AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    f.transaction_id AS transaction_id,
    f.flagged_at AS window_from,
    f.flagged_at AS window_to,
    CAST(f.flag_level + 0 AS DECIMAL(24, 4)) AS measured_value,
    CAST(1 AS DECIMAL(24, 4)) AS threshold_value,
    CAST(COALESCE(p.parameter_value, r.points) AS DECIMAL(5, 2)) AS points,
    CAST(CONCAT('flagged by hand, level ', f.flag_level) AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN risk_scope AS s ON TRUE
INNER JOIN payment_flags AS f ON f.account_id = s.account_id
LEFT JOIN rule_parameters AS p
    ON p.rule_id = r.rule_id
        AND p.rule_version = r.rule_version
        AND p.parameter_name = CASE f.flag_level
            WHEN 'High' THEN 'high_points'
            WHEN 'Medium' THEN 'medium_points'
            ELSE 'low_points'
        END
WHERE r.rule_id = 'M01'
    AND f.removed_at IS NULL;
