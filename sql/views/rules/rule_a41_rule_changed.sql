-- rule_a41_rule_changed: A41, a hit of a rule that was changed shortly before: a control, without
-- points.
--
-- Grain: one row per hit of this run.
-- Note: looks at the hits that the rules before it have found in this run.
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
-- NULL: account_id of a hit of the customer; transaction_id of a hit of several payments.
CREATE OR REPLACE VIEW rule_a41_rule_changed AS
SELECT
    r.rule_id,
    r.rule_version,
    h.customer_id AS customer_id,
    h.account_id AS account_id,
    h.transaction_id AS transaction_id,
    CAST(h.window_from AS DATETIME) AS window_from,
    CAST(h.window_to AS DATETIME) AS window_to,
    CAST(TIMESTAMPDIFF(HOUR, v.approved_at, h.first_found_at) AS DECIMAL(24, 4)) AS measured_value,
    CAST(span.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT('rule ', h.rule_id, ' version ', h.rule_version, ' counts since ', v.approved_at)
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS span
    ON span.rule_id = r.rule_id
        AND span.rule_version = r.rule_version
        AND span.parameter_name = 'window_hours'
INNER JOIN risk_hits AS h ON h.first_found_at = as_of()
INNER JOIN rule_versions AS v
    ON v.rule_id = h.rule_id
        AND v.rule_version = h.rule_version
WHERE r.rule_id = 'A41'
    AND h.rule_id <> 'A41'
    -- The first version comes with a deployment.
    AND h.rule_version > 1
    AND v.approved_at <= h.first_found_at
    AND v.approved_at >= h.first_found_at - INTERVAL span.parameter_value HOUR;
