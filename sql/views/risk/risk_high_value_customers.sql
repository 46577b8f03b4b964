-- risk_high_value_customers: high-risk customers whose completed amount over the last 30 days
-- exceeds the setting high_risk_amount.
--
-- Grain: one row per customer.
-- Note: the window is the last 30 days up to rollup_state.window_end_date.
-- Columns:
--   customer_id       customer
--   country           country of residence, ISO 3166 alpha-2
--   kyc_status        state of identification
--   account_count     accounts with payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW risk_high_value_customers AS
SELECT
    c.customer_id,
    c.country,
    c.kyc_status,
    CAST((
        SELECT COUNT(*)
        FROM accounts AS a
        INNER JOIN account_window AS x ON x.account_id = a.account_id
        WHERE a.customer_id = c.customer_id
    ) AS SIGNED) AS account_count,
    CAST(w.completed_count AS SIGNED) AS completed_count,
    CAST(w.completed_amount AS DECIMAL(21, 4)) AS completed_amount
FROM customers AS c
INNER JOIN customer_window AS w ON w.customer_id = c.customer_id
WHERE c.risk_category = 'high'
    AND w.completed_amount > (
        SELECT CAST(g.setting_value AS DECIMAL(19, 4))
        FROM settings AS g
        WHERE g.setting_name = 'high_risk_amount'
    );
