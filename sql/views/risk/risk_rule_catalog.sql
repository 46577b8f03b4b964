-- risk_rule_catalog: rules, the parameters that count, what they found in 30 days, and how their
-- last run went.
--
-- Grain: one row per rule.
-- Columns:
--   rule_id             rule
--   rule_name           its name
--   family              aml, card, control or yours
--   risk_level          Low, Medium or High
--   rule_version        version that counts
--   points              points of a hit
--   parameters          parameters with their units
--   description         what it finds
--   view_name           view that finds its hits
--   is_enabled          1 when it is evaluated
--   hit_count_30d       hits of the version found in the last 30 days
--   customer_count_30d  customers of these hits
--   last_duration_ms    duration in the last run, ms
--   last_error          why the last run failed
--   opens_case          1 when one hit is enough to open a case
-- NULL: rule_version, points and parameters of a rule without an active version; parameters of a
-- rule that has none; last_duration_ms before the first run; last_error when it did not fail.
CREATE OR REPLACE VIEW risk_rule_catalog AS
SELECT
    r.rule_id,
    r.rule_name,
    r.family,
    r.risk_level,
    v.rule_version,
    v.points,
    (
        SELECT CAST(
            GROUP_CONCAT(
                CONCAT(p.parameter_name, ' ', p.parameter_value + 0e0, ' ', p.unit)
                ORDER BY p.parameter_name
                SEPARATOR ', ')
        AS CHAR(400)) COLLATE utf8mb4_general_ci
        FROM rule_parameters AS p
        WHERE p.rule_id = v.rule_id
            AND p.rule_version = v.rule_version
    ) AS parameters,
    r.description,
    r.view_name,
    r.is_enabled,
    CAST(COALESCE(h.hits, 0) AS SIGNED) AS hit_count_30d,
    CAST(COALESCE(h.customers, 0) AS SIGNED) AS customer_count_30d,
    u.duration_ms AS last_duration_ms,
    u.error_message AS last_error,
    r.opens_case
FROM rules AS r
LEFT JOIN rule_versions AS v ON v.rule_id = r.rule_id AND v.rule_version = r.active_version
LEFT JOIN (
    SELECT
        f.rule_id,
        f.rule_version,
        COUNT(*) AS hits,
        COUNT(DISTINCT f.customer_id) AS customers
    FROM risk_hits AS f
    WHERE f.first_found_at > as_of() - INTERVAL 30 DAY
    GROUP BY f.rule_id, f.rule_version
) AS h ON h.rule_id = v.rule_id AND h.rule_version = v.rule_version
LEFT JOIN risk_rule_runs AS u
    ON u.rule_id = r.rule_id
        AND u.run_id = (
            SELECT MAX(n.run_id)
            FROM risk_rule_runs AS n
            WHERE n.rule_id = r.rule_id
        );
