-- int_scope_customer: owners of the accounts in risk_scope.
--
-- Grain: one row per customer.
-- Columns:
--   customer_id  customer
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_scope_customer AS
SELECT DISTINCT s.customer_id
FROM risk_scope AS s;
