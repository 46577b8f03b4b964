-- integrity_ledger_postings: must be empty: requests whose entries in a currency do not sum to
-- zero, and requests that moved money without entries, or have entries and moved none.
--
-- Grain: one row per request and currency.
-- Columns:
--   problem       unbalanced, without_entries or needless_entries
--   request_id    request
--   currency      ISO 4217 code
--   entry_amount  sum of the entries
-- NULL: currency and entry_amount of a request without entries.
CREATE OR REPLACE VIEW integrity_ledger_postings AS
SELECT
    CAST('unbalanced' AS CHAR(24) CHARACTER SET ascii) AS problem,
    e.request_id,
    e.currency,
    CAST(SUM(e.entry_amount) AS DECIMAL(21, 4)) AS entry_amount
FROM ledger_entries AS e
GROUP BY e.request_id, e.currency
HAVING SUM(e.entry_amount) <> 0
UNION ALL
SELECT
    IF(COUNT(e.entry_id) = 0, 'without_entries', 'needless_entries'),
    r.request_id,
    MIN(e.currency),
    CAST(SUM(e.entry_amount) AS DECIMAL(21, 4))
FROM payment_requests AS r
LEFT JOIN ledger_entries AS e ON e.request_id = r.request_id
-- A batch has entries where it settled what was posted.
WHERE r.operation <> 'settle_batch'
GROUP BY r.request_id, r.operation, r.refusal_reason
HAVING (
    r.refusal_reason IS NULL
    AND r.operation IN (
        'post_payment', 'capture_payment', 'reverse_payment', 'refund_payment', 'adjust_balance'
    )
) = (COUNT(e.entry_id) = 0);
