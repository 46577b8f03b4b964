-- integrity_open_payments_on_closed_accounts: must be empty: closed accounts with open payments.
--
-- Grain: one row per account.
-- Columns:
--   account_id   account
--   customer_id  owner
--   open_count   payments in non-terminal states
--   open_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_open_payments_on_closed_accounts AS
SELECT
    a.account_id,
    a.customer_id,
    CAST(SUM(o.open_count) AS SIGNED) AS open_count,
    CAST(SUM(o.open_amount) AS DECIMAL(21, 4)) AS open_amount
FROM int_open_account AS o
INNER JOIN accounts AS a ON a.account_id = o.account_id
WHERE a.account_status = 'closed'
GROUP BY a.account_id, a.customer_id;
