-- dim_customer: customers as a dimension: who a customer_id is, masked, and what customers are
-- grouped by.
--
-- Grain: one row per customer.
-- Note: the key has the name that facts give it, so that BI tools recognise the relation. What is
-- here is as of now, not as of the fact.
-- Columns:
--   customer_id        customer
--   customer_label     first letter of the name and the customer_id
--   country            country of residence, ISO 3166 alpha-2
--   city               city of the first address
--   risk_category      low, medium or high, as set at onboarding
--   kyc_status         pending, verified, rejected or expired
--   account_open_date  day on which the relationship began
--   is_active          1 while the relationship lasts
--   risk_score         current risk score, 0 to 100
--   risk_band          Low, Medium or High, of risk_score (settings risk_band_medium,
--                      risk_band_high)
--   is_erased          1 when the personal data were erased
-- NULL: city of a customer without an address.
CREATE OR REPLACE VIEW dim_customer AS
SELECT
    c.customer_id,
    CAST(CONCAT(
        IF(CHAR_LENGTH(c.name) < 2, '***', CONCAT(LEFT(c.name, 1), '***')), ' (', c.customer_id, ')'
    ) AS CHAR(48)) COLLATE utf8mb4_general_ci AS customer_label,
    c.country,
    (
        SELECT l.city
        FROM customer_locations AS l
        WHERE l.customer_id = c.customer_id
        ORDER BY l.location_id
        LIMIT 1
    ) AS city,
    c.risk_category,
    c.kyc_status,
    c.account_open_date,
    c.is_active,
    c.risk_score,
    CAST(CASE
        WHEN c.risk_score >= h.setting_value + 0 THEN 'High'
        WHEN c.risk_score >= m.setting_value + 0 THEN 'Medium'
        ELSE 'Low'
    END AS CHAR(8) CHARACTER SET ascii) AS risk_band,
    CAST(EXISTS (
        SELECT 1 FROM privacy_erasures AS e WHERE e.customer_id = c.customer_id
    ) AS SIGNED) AS is_erased
FROM customers AS c
INNER JOIN settings AS h ON h.setting_name = 'risk_band_high'
INNER JOIN settings AS m ON m.setting_name = 'risk_band_medium';
