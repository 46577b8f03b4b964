-- risk_non_kyc_active_customers: customers who are not identified and yet made payments in the last
-- 30 days.
--
-- Grain: one row per customer.
-- Note: the window is the last 30 days up to rollup_state.window_end_date.
-- Columns:
--   customer_id       customer
--   kyc_status        pending, rejected or expired
--   risk_category     low, medium or high
--   total_count       payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW risk_non_kyc_active_customers AS
SELECT
    c.customer_id,
    c.kyc_status,
    c.risk_category,
    CAST(w.total_count AS SIGNED) AS total_count,
    CAST(w.completed_count AS SIGNED) AS completed_count,
    CAST(w.completed_amount AS DECIMAL(21, 4)) AS completed_amount
FROM customers AS c
INNER JOIN customer_window AS w ON w.customer_id = c.customer_id
WHERE c.kyc_status <> 'verified'
    AND c.is_active = 1
    AND w.total_count > 0;
