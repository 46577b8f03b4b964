-- rule_a31_shared_identity: A31, several customers with the same identification number,
-- telephone number or e-mail address.
--
-- Grain: one row per customer and kind of identity.
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
-- NULL: account_id and transaction_id are NULL.
CREATE OR REPLACE VIEW rule_a31_shared_identity AS
SELECT
    r.rule_id,
    r.rule_version,
    s.customer_id AS customer_id,
    CAST(NULL AS SIGNED) AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(TIMESTAMP'1970-01-01 00:00:00' AS DATETIME) AS window_from,
    CAST(as_of() AS DATETIME) AS window_to,
    CAST(f.customers AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(CONCAT(f.customers, ' customers share one ', f.kind) AS CHAR(400)) AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN (
    SELECT
        p.customer_id,
        x.kind,
        MAX(x.customers) AS customers
    FROM (
        SELECT DISTINCT q.customer_id
        FROM risk_scope AS q
    ) AS p
    INNER JOIN customers AS c ON c.customer_id = p.customer_id
    INNER JOIN (
        SELECT 'identifier' AS kind, o.identifier AS shared, COUNT(*) AS customers
        FROM customers AS o
        WHERE o.identifier IS NOT NULL
        GROUP BY o.identifier
        HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'phone', o.phone, COUNT(*)
        FROM customers AS o
        WHERE o.phone IS NOT NULL
        GROUP BY o.phone
        HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'email', o.email, COUNT(*)
        FROM customers AS o
        WHERE o.email IS NOT NULL
        GROUP BY o.email
        HAVING COUNT(*) > 1
    ) AS x ON x.shared = CASE x.kind
        WHEN 'identifier' THEN c.identifier
        WHEN 'phone' THEN c.phone
        ELSE c.email
    END
    GROUP BY p.customer_id, x.kind
) AS f
INNER JOIN (
    SELECT DISTINCT q.customer_id
    FROM risk_scope AS q
) AS s ON s.customer_id = f.customer_id
WHERE r.rule_id = 'A31'
    AND f.customers >= need.parameter_value;
