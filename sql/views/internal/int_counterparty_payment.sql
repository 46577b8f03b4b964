-- int_counterparty_payment: completed payments of 90 days with another party, by the customer whose
-- account it is: rows of the account itself, and those of payers among our accounts.
--
-- Grain: one row per payment of an account, and one per edge of transfer_day to an account.
-- Columns:
--   customer_id              customer
--   direction                out: the customer paid; in: was paid
--   counterparty_kind        account (one of ours), handle or iban
--   counterparty_account_id  account of ours
--   other_party              UPI address or IBAN (personal data)
--   own_count                payments in rows of the account
--   own_amount               their amount, base currency
--   edge_count               payments in rows of the payer
--   edge_amount              their amount, base currency
--   first_at                 first of them (UTC)
--   last_at                  last of them (UTC)
-- NULL: counterparty_account_id unless the kind is account, other_party if it is.
CREATE OR REPLACE VIEW int_counterparty_payment AS
SELECT
    a.customer_id,
    CAST(IF(COALESCE(y.is_outgoing, 1) = 1, 'out', 'in') AS CHAR(3) CHARACTER SET ascii)
        AS direction,
    CAST(CASE
        WHEN t.counterparty_account_id IS NOT NULL THEN 'account'
        WHEN t.counterparty_handle IS NOT NULL THEN 'handle'
        ELSE 'iban'
    END AS CHAR(8) CHARACTER SET ascii) AS counterparty_kind,
    t.counterparty_account_id,
    IF(
        t.counterparty_account_id IS NULL,
        COALESCE(t.counterparty_handle, t.counterparty_iban),
        NULL
    ) AS other_party,
    1 AS own_count,
    COALESCE(t.base_amount, 0) AS own_amount,
    0 AS edge_count,
    0 AS edge_amount,
    t.transaction_time AS first_at,
    t.transaction_time AS last_at
FROM accounts AS a
INNER JOIN transactions AS t ON t.account_id = a.account_id
LEFT JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
WHERE t.transaction_date > DATE(as_of()) - INTERVAL 90 DAY
    AND t.transaction_date <= DATE(as_of())
    AND t.transaction_time <= as_of()
    AND t.status = 'completed'
    AND (
        t.counterparty_account_id IS NOT NULL
        OR t.counterparty_handle IS NOT NULL
        OR t.counterparty_iban IS NOT NULL
    )
UNION ALL
SELECT
    a.customer_id,
    'in',
    'account',
    e.payer_account_id,
    NULL,
    0,
    0,
    e.transfer_count,
    e.transfer_amount,
    e.first_at,
    e.last_at
FROM accounts AS a
INNER JOIN transfer_day AS e ON e.payee_account_id = a.account_id
WHERE e.transfer_date > DATE(as_of()) - INTERVAL 90 DAY
    AND e.transfer_date <= DATE(as_of());
