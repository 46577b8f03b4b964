-- customer_transfers: who paid whom among our accounts over the last 90 days: the edges of a
-- network.
--
-- Grain: one row per account that paid and account that was paid.
-- Note: completed payments count, as of the last run of the job update_risk_scores. Filter
-- payer_account_id or payee_account_id by numbers written into the statement: all pairs are many.
-- Columns:
--   payer_account_id   account that paid
--   payee_account_id   account that was paid
--   payer_customer_id  owner of the account that paid
--   payee_customer_id  owner of the account that was paid
--   transfer_count     completed payments from one to the other
--   transfer_amount    their amount, base currency
--   first_at           time of the first of them (UTC)
--   last_at            time of the last of them (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW customer_transfers AS
SELECT
    e.payer_account_id,
    e.payee_account_id,
    p.customer_id AS payer_customer_id,
    q.customer_id AS payee_customer_id,
    CAST(SUM(e.transfer_count) AS SIGNED) AS transfer_count,
    CAST(SUM(e.transfer_amount) AS DECIMAL(21, 4)) AS transfer_amount,
    MIN(e.first_at) AS first_at,
    MAX(e.last_at) AS last_at
FROM transfer_day AS e
INNER JOIN accounts AS p ON p.account_id = e.payer_account_id
INNER JOIN accounts AS q ON q.account_id = e.payee_account_id
WHERE e.transfer_date > DATE(as_of()) - INTERVAL 90 DAY
    AND e.transfer_date <= DATE(as_of())
GROUP BY e.payer_account_id, e.payee_account_id, p.customer_id, q.customer_id;
