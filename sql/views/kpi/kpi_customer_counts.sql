-- kpi_customer_counts: customers by risk and by state of identification (KYC).
--
-- Grain: one row.
-- Note: customers who are not verified and really pay are in risk_non_kyc_active_customers.
-- Columns:
--   customer_count                customers
--   active_customer_count         customers whose relationship lasts
--   high_risk_customers           customers of risk category high
--   pending_kyc_customers         customers whose identification is pending
--   non_kyc_customers             customers whose identification is not verified
--   non_kyc_active_relationships  of these, with a relationship that lasts
--   high_risk_ratio               high_risk_customers / customer_count
--   pending_kyc_ratio             pending_kyc_customers / customer_count
-- NULL: the ratios are NULL when there is no customer.
CREATE OR REPLACE VIEW kpi_customer_counts AS
SELECT
    COUNT(*) AS customer_count,
    CAST(COALESCE(SUM(c.is_active), 0) AS SIGNED) AS active_customer_count,
    CAST(COALESCE(SUM(c.risk_category = 'high'), 0) AS SIGNED) AS high_risk_customers,
    CAST(COALESCE(SUM(c.kyc_status = 'pending'), 0) AS SIGNED) AS pending_kyc_customers,
    CAST(COALESCE(SUM(c.kyc_status <> 'verified'), 0) AS SIGNED) AS non_kyc_customers,
    CAST(
        COALESCE(SUM(c.kyc_status <> 'verified' AND c.is_active = 1), 0)
    AS SIGNED) AS non_kyc_active_relationships,
    CAST(
        1.000000 * (SUM(c.risk_category = 'high'))
        / NULLIF(COUNT(*), 0)
    AS DECIMAL(9, 6)) AS high_risk_ratio,
    CAST(
        1.000000 * (SUM(c.kyc_status = 'pending'))
        / NULLIF(COUNT(*), 0)
    AS DECIMAL(9, 6)) AS pending_kyc_ratio
FROM customers AS c;
