-- rule_a18b_fan_in_week: A18B, money from several accounts within a week.
--
-- Grain: one row per account and day on which such a window ends.
-- Note: looks at the new days of risk_scope_day, at windows that end with the last transfer of a
-- day.
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
CREATE OR REPLACE VIEW rule_a18b_fan_in_week AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id,
    f.account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    f.window_from,
    f.window_to,
    CAST(f.other_count AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.needed AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT(f.other_count, ' accounts sent ', f.amount) AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM int_fan_in AS f
WHERE f.view_name = 'rule_a18b_fan_in_week';
