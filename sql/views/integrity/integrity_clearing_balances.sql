-- integrity_clearing_balances: must be empty: clearing accounts that hold another amount than that
-- of the posted payments whose settlement is pending.
--
-- Grain: one row per clearing account and currency.
-- Columns:
--   internal_account  clearing account of a rail
--   currency          ISO 4217 code
--   clearing_balance  sum of its entries
--   pending_amount    of these, entries of payments with a pending settlement
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_clearing_balances AS
SELECT
    e.internal_account,
    e.currency,
    CAST(SUM(e.entry_amount) AS DECIMAL(21, 4)) AS clearing_balance,
    CAST(SUM(IF(p.transaction_id IS NULL, 0, e.entry_amount)) AS DECIMAL(21, 4)) AS pending_amount
FROM ledger_entries AS e
INNER JOIN payment_requests AS r ON r.request_id = e.request_id
LEFT JOIN (
    SELECT DISTINCT s.transaction_id
    FROM settlements AS s
    WHERE s.settlement_status = 'pending'
) AS p ON p.transaction_id = r.transaction_id
WHERE e.internal_account LIKE 'clearing:%'
GROUP BY e.internal_account, e.currency
HAVING SUM(e.entry_amount) <> SUM(IF(p.transaction_id IS NULL, 0, e.entry_amount));
