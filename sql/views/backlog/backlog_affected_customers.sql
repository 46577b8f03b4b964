-- backlog_affected_customers: customers and accounts with open payments.
--
-- Grain: one row.
-- Columns:
--   affected_customers  customers with at least one open payment
--   affected_accounts   accounts with at least one open payment
--   open_count          their open payments
--   open_amount         amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW backlog_affected_customers AS
SELECT
    CAST(COUNT(DISTINCT a.customer_id) AS SIGNED) AS affected_customers,
    CAST(COUNT(DISTINCT o.account_id) AS SIGNED) AS affected_accounts,
    CAST(COALESCE(SUM(o.open_count), 0) AS SIGNED) AS open_count,
    CAST(COALESCE(SUM(o.open_amount), 0) AS DECIMAL(21, 4)) AS open_amount
FROM int_open_account AS o
INNER JOIN accounts AS a ON a.account_id = o.account_id;
