-- backlog_by_account: accounts with many open payments: at least the setting hoarder_pending_count,
-- five unless changed.
--
-- Grain: one row per account.
-- Columns:
--   account_id      account
--   customer_id     owner
--   account_status  state of the account
--   open_count      payments in non-terminal states
--   open_amount     their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW backlog_by_account AS
SELECT
    o.account_id,
    a.customer_id,
    a.account_status,
    CAST(o.open_count AS SIGNED) AS open_count,
    CAST(o.open_amount AS DECIMAL(21, 4)) AS open_amount
FROM (
    SELECT
        i.account_id,
        SUM(i.open_count) AS open_count,
        SUM(i.open_amount) AS open_amount
    FROM int_open_account AS i
    GROUP BY i.account_id
    HAVING SUM(i.open_count) >= (
        SELECT CAST(g.setting_value AS SIGNED)
        FROM settings AS g
        WHERE g.setting_name = 'hoarder_pending_count'
    )
) AS o
INNER JOIN accounts AS a ON a.account_id = o.account_id;
