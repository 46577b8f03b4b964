-- kpi_entity_totals: how many customers, accounts and payments there are, and their total value.
--
-- Grain: one row.
-- Columns:
--   customer_count      customers
--   account_count       accounts
--   payment_count       payments
--   total_value_amount  amount of all payments, base currency
--   completed_count     completed payments
--   completed_amount    amount of completed payments, base currency
--   base_currency       currency of the amounts (ISO 4217)
-- NULL: base_currency is NULL when no currency is marked as base.
CREATE OR REPLACE VIEW kpi_entity_totals AS
SELECT
    (SELECT COUNT(*) FROM customers) AS customer_count,
    (SELECT COUNT(*) FROM accounts) AS account_count,
    CAST(COALESCE(SUM(m.total_count), 0) AS SIGNED) AS payment_count,
    CAST(COALESCE(SUM(m.total_amount), 0) AS DECIMAL(21, 4)) AS total_value_amount,
    CAST(COALESCE(SUM(m.completed_count), 0) AS SIGNED) AS completed_count,
    CAST(COALESCE(SUM(m.completed_amount), 0) AS DECIMAL(21, 4)) AS completed_amount,
    base_currency() AS base_currency
FROM metric_day AS m
WHERE m.dimension = 'all';
