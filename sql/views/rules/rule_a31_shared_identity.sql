-- rule_a31_shared_identity: A31, several customers with one number, telephone, address of mail or
-- dwelling.
--
-- Grain: one row per customer and kind of identity.
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
CREATE OR REPLACE VIEW rule_a31_shared_identity AS
SELECT
    r.rule_id,
    r.rule_version,
    c.customer_id AS customer_id,
    CAST(NULL AS SIGNED) AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(TIMESTAMP'1970-01-01 00:00:00' AS DATETIME) AS window_from,
    CAST(as_of() AS DATETIME) AS window_to,
    CAST(c.customers AS DECIMAL(24, 4)) AS measured_value,
    CAST(
        IF(c.kind = 'address', dwelling.parameter_value, need.parameter_value)
    AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(CONCAT(c.customers, ' customers share one ', c.kind) AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS dwelling
    ON dwelling.rule_id = r.rule_id
        AND dwelling.rule_version = r.rule_version
        AND dwelling.parameter_name = 'minimum_count_address'
INNER JOIN (
    SELECT
        s.customer_id,
        'identifier' AS kind,
        COUNT(*) AS customers
    FROM int_scope_customer AS s
    STRAIGHT_JOIN customers AS m ON m.customer_id = s.customer_id
    STRAIGHT_JOIN customers AS o ON o.identifier = m.identifier
    GROUP BY s.customer_id
    UNION ALL
    SELECT
        s.customer_id,
        'phone',
        COUNT(*)
    FROM int_scope_customer AS s
    STRAIGHT_JOIN customers AS m ON m.customer_id = s.customer_id
    STRAIGHT_JOIN customers AS o ON o.phone = m.phone
    GROUP BY s.customer_id
    UNION ALL
    SELECT
        s.customer_id,
        'email',
        COUNT(*)
    FROM int_scope_customer AS s
    STRAIGHT_JOIN customers AS m ON m.customer_id = s.customer_id
    STRAIGHT_JOIN customers AS o ON o.email = m.email
    GROUP BY s.customer_id
    UNION ALL
    SELECT
        s.customer_id,
        'address',
        COUNT(DISTINCT o.customer_id)
    FROM int_scope_customer AS s
    STRAIGHT_JOIN customer_locations AS m ON m.customer_id = s.customer_id
    STRAIGHT_JOIN customer_locations AS o
        ON o.postal_code = m.postal_code
            AND o.street = m.street
            AND o.building_number = m.building_number
            AND o.city = m.city
    GROUP BY s.customer_id
) AS c
WHERE r.rule_id = 'A31'
    -- A house may have many flats.
    AND c.customers >= IF(c.kind = 'address', dwelling.parameter_value, need.parameter_value);
