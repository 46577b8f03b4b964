-- integrity_posted_settlements: must be empty: payments that were posted over a rail and have no
-- settlement.
--
-- Grain: one row per payment.
-- Columns:
--   transaction_id    payment
--   internal_account  clearing account of the rail
--   entry_amount      what the clearing account gained, currency of the payment
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_posted_settlements AS
SELECT
    r.transaction_id,
    e.internal_account,
    e.entry_amount
FROM ledger_entries AS e
INNER JOIN payment_requests AS r ON r.request_id = e.request_id
WHERE e.internal_account LIKE 'clearing:%'
    -- That of a batch belongs to no payment.
    AND r.transaction_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM settlements AS s
        WHERE s.transaction_id = r.transaction_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM settlements_archive AS a
        WHERE a.transaction_id = r.transaction_id
    );
